namespace LivingCity.Ingestion.Snapshots;

/// <summary>The tenants under which snapshots keep what they hold. No caller can name one: the colon is not in a tenant's name.</summary>
internal static class SnapshotTenant
{
    private const string Prefix = "snapshot:";

    public static string New() => $"{Prefix}{Guid.NewGuid():N}";

    /// <summary>Whether what happens under a tenant happens in a copy: nobody outside hears of it.</summary>
    public static bool Is(string? tenant) => tenant?.StartsWith(Prefix, StringComparison.Ordinal) == true;
}
