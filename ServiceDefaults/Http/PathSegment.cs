namespace LivingCity.ServiceDefaults.Http;

/// <summary>Ids as parts of an address.</summary>
public static class PathSegment
{
    /// <summary>An id as one segment of a path. A colon is allowed there as it is (RFC 3986, 3.3), and others may compare the path that they get with the id that they gave.</summary>
    public static string Of(string id) => Uri.EscapeDataString(id).Replace("%3A", ":", StringComparison.Ordinal);
}
