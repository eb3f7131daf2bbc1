namespace LivingCity.AppHost.Embedded;

/// <summary>A resource cannot run. The message is one line for the person at the terminal and says what to do.</summary>
public sealed class ResourceFailedException(string message) : Exception(message);
