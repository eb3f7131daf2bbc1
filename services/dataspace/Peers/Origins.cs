namespace LivingCity.Dataspace.Peers;

internal static class Origins
{
    /// <summary>Whether two addresses are at the same scheme, host and port.</summary>
    public static bool Same(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second) && first.GetLeftPart(UriPartial.Authority) == second.GetLeftPart(UriPartial.Authority);
}
