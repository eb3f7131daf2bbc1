using System.Security.Cryptography;
using System.Text.Json;

namespace LivingCity.AppHost.Embedded;

/// <summary>Passwords made on first use and kept in the data folder, readable by its owner only. Thread-safe.</summary>
internal sealed class Secrets(string file)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> values =
        File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? [] : [];

    public bool Has(string name)
    {
        lock (gate)
        {
            return values.ContainsKey(name);
        }
    }

    /// <summary>192 random bits in hexadecimal: safe in URLs, connection strings and configuration files as it is.</summary>
    public string Get(string name)
    {
        lock (gate)
        {
            if (!values.TryGetValue(name, out var value))
            {
                values[name] = value = RandomNumberGenerator.GetHexString(48, lowercase: true);
                PrivateFile.Write(file, JsonSerializer.Serialize(values));
            }

            return value;
        }
    }
}
