using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Registrations;

/// <summary>The operations that a source may be registered for, and their groups (ETSI GS CIM 009, clause 4.20).</summary>
internal static class SourceOperations
{
    private static readonly string[] Reading =
    [
        "retrieveEntity", "queryEntity", "queryBatch", "retrieveTemporal", "queryTemporal", "retrieveEntityTypes", "retrieveEntityTypeDetails", "retrieveEntityTypeInfo",
        "retrieveAttrTypes", "retrieveAttrTypeDetails", "retrieveAttrTypeInfo", "retrieveEntityMap", "updateEntityMap", "deleteEntityMap", "createEntityMapQueryEntity", "createEntityMapQueryTemporal",
        "retrieveContextSourceIdentity",
        "createSubscription", "updateSubscription", "retrieveSubscription", "querySubscription", "deleteSubscription",
    ];

    private static readonly string[] Writing =
    [
        "createEntity", "updateEntity", "appendAttrs", "updateAttrs", "deleteAttrs", "deleteEntity", "mergeEntity", "replaceEntity", "replaceAttrs", "purgeEntity",
        "createBatch", "upsertBatch", "updateBatch", "deleteBatch", "mergeBatch",
        "upsertTemporal", "appendAttrsTemporal", "deleteAttrsTemporal", "updateAttrInstanceTemporal", "deleteAttrInstanceTemporal", "deleteTemporal",
    ];

    private static readonly string[] Discovery =
        ["retrieveEntityTypes", "retrieveEntityTypeDetails", "retrieveEntityTypeInfo", "retrieveAttrTypes", "retrieveAttrTypeDetails", "retrieveAttrTypeInfo", "retrieveContextSourceIdentity"];

    private static readonly string[] EntityMaps = ["retrieveEntityMap", "updateEntityMap", "deleteEntityMap", "createEntityMapQueryEntity"];

    private static readonly string[] Association =
    [
        "retrieveEntity", "queryEntity", "queryBatch", .. Discovery, "createSubscription", "updateSubscription", "retrieveSubscription", "querySubscription", "deleteSubscription",
    ];

    private static readonly Dictionary<string, string[]> Groups = new()
    {
        ["federationOps"] = [.. Association, .. EntityMaps],
        ["associationOps"] = Association,
        ["updateOps"] = ["updateEntity", "updateAttrs", "replaceEntity", "replaceAttrs"],
        ["retrieveOps"] = ["retrieveEntity", "queryEntity"],
        ["redirectionOps"] =
        [
            "createEntity", "updateEntity", "appendAttrs", "updateAttrs", "deleteAttrs", "deleteEntity", "mergeEntity", "replaceEntity", "replaceAttrs", "purgeEntity", "retrieveEntity", "queryEntity",
            .. Discovery, .. EntityMaps,
        ],
    };

    public static bool IsKnown(string name) => Groups.ContainsKey(name) || Reading.Contains(name) || Writing.Contains(name);

    /// <summary>Whether an auxiliary source can take part: it gives what others do not have, and is asked for nothing else (clause 5.9.3.4).</summary>
    public static bool IsAuxiliary(string operation) => operation is "retrieveEntity" or "queryEntity" or "queryBatch" or "retrieveTemporal" or "queryTemporal";

    /// <summary>The single operations of a registration; without a word, those of a federation.</summary>
    public static IReadOnlySet<string> Of(JsonObject document) => (document["operations"] as JsonArray)?.Select(name => name?.ToString() ?? "").SelectMany(name => Groups.GetValueOrDefault(name, [name])).ToHashSet()
        ?? [.. Groups["federationOps"]];
}
