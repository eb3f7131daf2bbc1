using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>Makes stored subscriptions ready to be asked.</summary>
internal sealed partial class SubscriptionReader(ContextStore contexts, ILogger<SubscriptionReader> logger)
{
    /// <summary>One row: the revision of the tenant's subscriptions, 0 when it never had one.</summary>
    public const string Revision = "SELECT coalesce((SELECT revision FROM subscription_revision WHERE tenant = $1 AND id = ''), 0)";

    public static async Task<long> RevisionAsync(Work work, CancellationToken cancellationToken)
    {
        await using var command = work.Command(Revision, work.Tenant);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>What changed after a revision: subscriptions by id, null where one is gone, and the revision that this leads to.</summary>
    public async Task<(long Revision, IReadOnlyDictionary<string, ActiveSubscription?> Changed)> ChangedAsync(Work work, long since, CancellationToken cancellationToken)
    {
        var revision = since;
        var rows = new Dictionary<string, SubscriptionRow?>();
        await using (var command = work.Command($"""
            SELECT r.id, r.revision, {SubscriptionRow.Columns} FROM subscription_revision r LEFT JOIN subscription s ON s.tenant = r.tenant AND s.id = r.id
            WHERE r.tenant = $1 AND r.revision > $2
            """, work.Tenant, since))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                revision = Math.Max(revision, row.GetInt64(1));
                if (row.GetString(0).Length > 0)
                {
                    rows[row.GetString(0)] = row.IsDBNull(2) ? null : SubscriptionRow.Read(row, 2);
                }
            }
        }

        var changed = new Dictionary<string, ActiveSubscription?>();
        foreach (var (id, row) in rows)
        {
            changed[id] = row is null ? null : await TryReadAsync(work.Tenant!, row, cancellationToken);
        }

        return (revision, changed);
    }

    /// <exception cref="NgsiLdException">A context cannot be had, or a part is wrong.</exception>
    public async Task<ActiveSubscription> ReadAsync(string tenant, SubscriptionRow row, CancellationToken cancellationToken)
    {
        var names = await contexts.ResolveAsync(tenant, row.Context, cancellationToken);
        var queryNames = await contexts.ResolveAsync(tenant, row.QueryContext, cancellationToken);
        var document = row.Document;
        var notification = document["notification"]!.AsObject();
        var target = NotificationTarget.From(notification["endpoint"]!.AsObject(), row.Context, row.NamedTenant, row.NamedSnapshot);
        return new ActiveSubscription
        {
            Id = row.Id,
            Kind = row.Kind,
            Lane = row.Lane,
            Target = target.Write(),
            IsGeoJson = target.ContentType == "application/geo+json",
            ContextMember = target.ContentType == "application/ld+json" ? names.ToMember() : null,
            Representation = new Representation(names)
            {
                Format = (string?)notification["format"] switch { "concise" => Format.Concise, "keyValues" or "simplified" => Format.Simplified, _ => Format.Normalized },
                SysAttrs = (bool?)notification["sysAttrs"] == true,
                Language = (string?)document["lang"],
                Attributes = SetOf(notification, "attributes"),
                Pick = ProjectionOf(notification, "pick"),
                Omit = ProjectionOf(notification, "omit"),
                Conformance = (string?)document["ngsildConformance"] is { } version && Conformance.TryParse(version, out var conformance) ? conformance : null,
                DatasetIds = SetOf(document, "datasetId") is { } datasets ? datasets.Select(dataset => dataset == "@none" ? "" : dataset).ToHashSet() : null,
            },
            Selectors = EntityFilter.ReadAll(document),
            Watched = SetOf(document, "watchedAttributes"),
            Triggers = document["notificationTrigger"]?.AsArray().Select(trigger => Enum.Parse<Trigger>(trigger!.GetValue<string>(), ignoreCase: true)).ToHashSet()
                ?? [Trigger.AttributeCreated, Trigger.AttributeUpdated],
            Query = (string?)document["q"] is { } q ? ValueCoercion.Apply(QueryParser.Parse(q, queryNames), NamesOf(document, "expandValues"), NamesOf(document, "jsonKeys")) : null,
            Geo = document["geoQ"] is { } geo ? DocumentRules.ReadGeo(geo.AsObject()) : null,
            Scope = (string?)document["scopeQ"] is { } scope ? ScopeQuery.Parse(scope) : null,
            Join = JoinRequest.Create((string?)notification["join"], (int?)notification["joinLevel"], null),
            ShowChanges = (bool?)notification["showChanges"] == true,
            IsActive = (bool?)document["isActive"] != false,
            ExpiresAt = Instants.TryRead((string?)document["expiresAt"], out var expiry) ? expiry : null,
            Throttling = Seconds(document["throttling"]),
            Interval = Seconds(document["timeInterval"]),
            Document = document,
        };
    }

    private static TimeSpan? Seconds(System.Text.Json.Nodes.JsonNode? seconds) => (double?)seconds is { } number ? TimeSpan.FromSeconds(number) : null;

    private static Projection? ProjectionOf(System.Text.Json.Nodes.JsonObject notification, string member) =>
        SetOf(notification, member) is { } names ? Projection.Parse(string.Join(',', names), member, LdContext.Core) : null;

    private static HashSet<string> NamesOf(System.Text.Json.Nodes.JsonObject document, string member) => [.. (string?)document[member] is { } names ? names.Split(',') : []];

    private static HashSet<string>? SetOf(System.Text.Json.Nodes.JsonObject document, string member) => document[member]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet();

    /// <summary>One subscription whose context is away must not keep others from being heard.</summary>
    private async Task<ActiveSubscription?> TryReadAsync(string tenant, SubscriptionRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(tenant, row, cancellationToken);
        }
        catch (NgsiLdException exception)
        {
            Unreadable(logger, row.Id, exception.Message);
            return null;
        }
    }

    [LoggerMessage(2330, LogLevel.Error, "Subscription {Id} cannot be used: {Reason}")]
    private static partial void Unreadable(ILogger logger, string id, string reason);
}
