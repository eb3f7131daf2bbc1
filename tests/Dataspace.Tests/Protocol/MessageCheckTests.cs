using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Tests.Hosting;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>The hand-written checks say of a message what the published schemas say of it.</summary>
public sealed class MessageCheckTests(PublishedSchemas schemas) : IClassFixture<PublishedSchemas>
{
    public static TheoryData<string> Examples => [
        "negotiation/contract-request-message", "negotiation/contract-request-message_initial", "negotiation/contract-offer-message", "negotiation/contract-offer-message_initial",
        "negotiation/contract-agreement-message", "negotiation/contract-agreement-message-full", "negotiation/contract-agreement-verification-message", "negotiation/contract-negotiation-event-message",
        "negotiation/contract-negotiation-termination-message", "transfer/transfer-request-message", "transfer/transfer-start-message", "transfer/transfer-completion-message",
        "transfer/transfer-termination-message", "transfer/transfer-suspension-message", "catalog/catalog-request-message"];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Check_PublishedExample_HasNoMistake(string name)
    {
        var example = await ReadAsync(name);

        Assert.Empty(MessageCheck.Mistakes(example, (string)example["@type"]!));
        await schemas.ValidAsync((string)example["@type"]!, example);
    }

    /// <summary>Each member of each example is in turn left out, or replaced by a value of another kind: both must come to the same judgement.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Check_EverySpoiltExample_IsJudgedAsByTheSchema(string name)
    {
        var example = await ReadAsync(name);
        var type = (string)example["@type"]!;
        var judged = 0;
        foreach (var (path, spoilt) in Spoilt(example))
        {
            var ours = MessageCheck.Mistakes(spoilt, type);
            var published = await schemas.MistakesAsync(type, spoilt);

            // We are stricter in what the text of the specification adds: a timestamp, a target, ids that are not empty, and no target inside a rule.
            Assert.True(published.Count == 0 || ours.Count > 0, $"{path} is taken, and the schema says: {string.Join("; ", published)}");
            Assert.True(ours.Count == 0 || published.Count > 0 || IsStricter(path), $"{path} is refused ({string.Join("; ", ours)}), and the schema has nothing against it");
            judged++;
        }

        Assert.True(judged > 3);
    }

    private static bool IsStricter(string path) => path.EndsWith("timestamp", StringComparison.Ordinal) || path.EndsWith("target", StringComparison.Ordinal) || path.EndsWith("action", StringComparison.Ordinal);

    private static IEnumerable<(string Path, JsonObject Message)> Spoilt(JsonObject example)
    {
        foreach (var path in Paths(example, []))
        {
            var name = string.Join('.', path);
            yield return ($"without {name}", Change(example, path, remove: true, null));
            foreach (var value in (JsonNode?[])["text", 7, true, new JsonArray(), new JsonObject()])
            {
                yield return ($"{value?.ToJsonString()} as {name}", Change(example, path, remove: false, value));
            }
        }
    }

    private static JsonObject Change(JsonObject example, string[] path, bool remove, JsonNode? value)
    {
        var copy = example.DeepClone().AsObject();
        JsonNode at = copy;
        foreach (var step in path[..^1])
        {
            at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        }

        switch (at)
        {
            case JsonObject members when remove:
                members.Remove(path[^1]);
                break;
            case JsonObject members:
                members[path[^1]] = value?.DeepClone();
                break;
            case JsonArray items when remove:
                items.RemoveAt(int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonArray items:
                items[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = value?.DeepClone();
                break;
        }

        return copy;
    }

    private static IEnumerable<string[]> Paths(JsonNode node, string[] at) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [[.. at, member.Key]] : Paths(member.Value, [.. at, member.Key]).Prepend([.. at, member.Key])),
        JsonArray items => items.SelectMany((item, index) => item is null ? [] : Paths(item, [.. at, $"{index}"]).Prepend([.. at, $"{index}"])),
        _ => [],
    };

    private async Task<JsonObject> ReadAsync(string name)
    {
        Assert.SkipUnless(schemas.Folder is not null, "The published schemas are not beside the repository: set LIVINGCITY_DATA.");
        var file = Path.Combine(schemas.Folder, name.Replace("/", "/example/", StringComparison.Ordinal) + ".json");
        return JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsObject();
    }
}
