namespace LivingCity.Dataspace.Trust;

/// <summary>Something that should prove who a caller is does not.</summary>
/// <param name="reason">What is wrong with it, for a person to read.</param>
internal sealed class TrustException(string reason) : Exception(reason);
