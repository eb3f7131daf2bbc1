using System.Xml.Linq;
using LivingCity.ServiceDefaults.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>Keeps the data-protection keys in PostgreSQL, so that every replica reads what another one has protected. Stands in for a package over Entity Framework.</summary>
internal sealed class ProtectionKeys(NpgsqlDataSource source, Database database, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        WaitForSchema();
        using var command = source.CreateCommand("SELECT xml FROM data_protection_key ORDER BY created_at");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            keys.Add(XElement.Parse(reader.GetString(0)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        WaitForSchema();
        using var command = source.CreateCommand("INSERT INTO data_protection_key (name, xml, created_at) VALUES ($1, $2, $3)");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.ExecuteNonQuery();
    }

    /// <summary>Data protection asks synchronously, and for the first time before the host is up.</summary>
    private void WaitForSchema()
    {
        if (!database.Ready.IsCompletedSuccessfully)
        {
            throw LivingCity.ServiceDefaults.Errors.Problem.Unavailable.Throw("The database is not ready yet.");
        }
    }
}
