using System.Text.Json.Nodes;
using LivingCity.Gateway.Routing;

namespace LivingCity.Gateway.Description;

/// <summary>Makes one OpenAPI document of the services' own. Pure; the documents that it is given are consumed.</summary>
internal static class MergedDescription
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <param name="documents">The OpenAPI 3.1 document of each service, or null for one that did not answer.</param>
    public static JsonObject Merge(IReadOnlyList<(string Service, JsonObject? Document)> documents)
    {
        var missing = documents.Where(entry => entry.Document is null).Select(entry => entry.Service).ToArray();
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Living City", ["version"] = "v1", ["description"] = Introduction(missing) },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject(),
            ["tags"] = new JsonArray(),
            ["x-missing-services"] = new JsonArray([.. missing.Select(service => (JsonNode)service)]),
        };
        var operationIds = new HashSet<string>();
        foreach (var (service, document) in documents)
        {
            if (document is not null)
            {
                AddComponents(merged["components"]!.AsObject(), service, document);
                AddPaths(merged, service, document, operationIds);
            }
        }

        return merged;
    }

    private static string Introduction(string[] missing) =>
        "Everything that the platform offers, through one gateway." + (missing.Length == 0 ? "" : $" Not answering right now, so not described here: {string.Join(", ", missing)}.");

    /// <summary>Services share names of components; what differs gets the service's name in front, in the definition and wherever it is referred to.</summary>
    private static void AddComponents(JsonObject all, string service, JsonObject document)
    {
        if (document["components"] is not JsonObject own)
        {
            return;
        }

        var clashes = own.SelectMany(kind => kind.Value!.AsObject()
            .Where(component => all[kind.Key]?[component.Key] is { } known && !JsonNode.DeepEquals(known, component.Value))
            .Select(component => (Kind: kind.Key, component.Key))).ToArray();
        if (clashes.Length > 0)
        {
            var renamed = clashes.ToDictionary(clash => $"#/components/{clash.Kind}/{clash.Key}", clash => $"#/components/{clash.Kind}/{service}.{clash.Key}");
            var schemes = clashes.Where(clash => clash.Kind == "securitySchemes").ToDictionary(clash => clash.Key, clash => $"{service}.{clash.Key}");
            foreach (var (kind, key) in clashes)
            {
                var components = own[kind]!.AsObject();
                var component = components[key];
                components.Remove(key);
                components[$"{service}.{key}"] = component;
            }

            Rename(document, renamed);
            RenameSecurity(document, schemes);
        }

        foreach (var (kind, components) in own)
        {
            all[kind] ??= new JsonObject();
            foreach (var (key, component) in components!.AsObject())
            {
                all[kind]!.AsObject().TryAdd(key, component?.DeepClone());
            }
        }
    }

    private static void AddPaths(JsonObject merged, string service, JsonObject document, HashSet<string> operationIds)
    {
        var tags = new HashSet<string>();
        foreach (var (path, item) in document["paths"]?.AsObject() ?? [])
        {
            if (!PlatformRoutes.IsExposed(path))
            {
                continue;
            }

            var copy = item!.DeepClone().AsObject();
            foreach (var operation in Methods.Select(method => copy[method]).OfType<JsonObject>())
            {
                operation["tags"] ??= new JsonArray(service);
                tags.UnionWith(operation["tags"]!.AsArray().Select(tag => (string)tag!));
                if ((string?)operation["operationId"] is { } id && !operationIds.Add(id))
                {
                    operation["operationId"] = $"{service}.{id}";
                    operationIds.Add($"{service}.{id}");
                }
            }

            merged["paths"]!.AsObject().TryAdd(path, copy);
        }

        var known = merged["tags"]!.AsArray();
        foreach (var tag in tags.Except(known.Select(tag => (string)tag!["name"]!)).Order().ToArray())
        {
            known.Add(new JsonObject { ["name"] = tag });
        }
    }

    /// <summary>References are <c>$ref</c> members and the values of a discriminator's mapping: all text that names a component.</summary>
    private static void Rename(JsonNode? node, Dictionary<string, string> names)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToArray())
                {
                    if (NewName(value, names) is { } name)
                    {
                        members[key] = name;
                    }
                    else
                    {
                        Rename(value, names);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Rename(item, names);
                }

                break;
        }
    }

    private static void RenameSecurity(JsonObject document, Dictionary<string, string> schemes)
    {
        var requirements = document["paths"]?.AsObject().SelectMany(path => Methods.Select(method => path.Value![method]?["security"])).Append(document["security"])
            .OfType<JsonArray>().SelectMany(array => array).OfType<JsonObject>() ?? [];
        foreach (var requirement in requirements)
        {
            foreach (var (old, renamed) in schemes)
            {
                if (requirement.Remove(old, out var scopes))
                {
                    requirement[renamed] = scopes;
                }
            }
        }
    }

    private static string? NewName(JsonNode? value, Dictionary<string, string> names) =>
        value is JsonValue text && text.TryGetValue<string>(out var reference) && names.TryGetValue(reference, out var name) ? name : null;
}
