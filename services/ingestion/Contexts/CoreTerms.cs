using System.Collections.Frozen;

namespace LivingCity.Ingestion.Contexts;

/// <summary>
/// The terms of the core context, version 1.9 (ETSI GS CIM 009, annex B). A user's context never changes them (clause 5.5.7). A test compares them with the published file.
/// </summary>
internal static class CoreTerms
{
    public const string NgsiLd = "https://uri.etsi.org/ngsi-ld/";
    public const string DefaultVocabulary = NgsiLd + "default-context/";
    private const string GeoJson = "https://purl.org/geojson/vocab#";

    /// <summary>Terms whose IRI is <see cref="NgsiLd"/> and the term itself.</summary>
    private const string Plain = """
        Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date DateTime EntityMap EntityType EntityTypeInfo EntityTypeList
        ExecutionResultDetails GeoProperty JsonProperty LanguageProperty ListProperty ListRelationship Notification Property Relationship Snapshot SnapshotNotification Subscription
        TemporalProperty Time VocabProperty accept aggrParams aggrMethods aggrPeriodDuration attributeCount attributeDetails attributeList attributeName attributeNames attributeTypes
        attributes attrs avg cacheDuration collation contextSourceAlias contextSourceExtras contextSourceInfo contextSourceTimeAt contextSourceUptime cooldown createdAt csf data datasetId
        deletedAt detail distinctCount endAt endTimeAt endpoint entities entity entityCount entityId entityList error errors expandValues expiresAt format geoQ geoproperty georel idPattern
        information instanceId isActive join jsonKeys jsonldContext jsons lang lastFailure lastN lastNotification lastSuccess lastUsedAt linkedMaps localOnly location management
        managementInterval max min mode modifiedAt ngsildproof ngsildConformance notification notificationTrigger notifiedAt notifierInfo notUpdated observationInterval observationSpace
        observedAt omit operations operationSpace orderBy ordering pick problemDetails propertyNames q reason receiverInfo refreshRate registrationId registrationName relationshipNames
        resultStatus scope scopeQ showChanges snapshotId snapshotLifetime snapshotPriority snapshotQueries snapshotQueriesDetails snapshotStatus snapshotTemporalQueries
        snapshotTemporalQueriesDetails startAt status stddev subscriptionId subscriptionName success sum sumsq sysAttrs temporalQ tenant throttling timeAt timeInterval timeout timeproperty
        timerel timesFailed timesSent totalCount triggerReason typeList typeName typeNames unchanged unitCode updated uri watchedAttributes
        """;

    /// <summary>Terms whose IRI is <see cref="NgsiLd"/>, "has" and the term with a capital.</summary>
    private const string Having = """
        dataset entityMap entityMapLifetime joinLevel key languageMap languageMaps object objectList objectLists objects objectType previousLanguageMap previousObject previousObjectList
        previousValue previousValueList previousVocab splitEntities value valueList valueLists values valueType vocab vocabs
        """;

    private const string OfGeoJson = """
        Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon Point Polygon bbox coordinates features geometry properties
        """;

    public static readonly FrozenDictionary<string, string> All = Enumerable.Empty<KeyValuePair<string, string>>()
        .Concat(Words(Plain).Select(term => KeyValuePair.Create(term, NgsiLd + term)))
        .Concat(Words(Having).Select(term => KeyValuePair.Create(term, $"{NgsiLd}has{char.ToUpperInvariant(term[0])}{term[1..]}")))
        .Concat(Words(OfGeoJson).Select(term => KeyValuePair.Create(term, GeoJson + term)))
        .Concat(
        [
            new("ngsi-ld", NgsiLd), new("geojson", GeoJson), new("containedBy", NgsiLd + "isContainedBy"), new("json", NgsiLd + "hasJSON"), new("previousJson", NgsiLd + "hasPreviousJson"),
            new("description", "http://purl.org/dc/terms/description"), new("title", "http://purl.org/dc/terms/title"),
            new("langString", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"),
        ])
        .ToFrozenDictionary();

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
