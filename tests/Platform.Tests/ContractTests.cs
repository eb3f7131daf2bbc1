using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults.Messaging;

namespace LivingCity.Platform.Tests;

/// <summary>
/// Messages only ever grow. Each has a golden file: a message as it was once sent. Today's record must read it and say all of it again; what it says beyond that is new.
/// A golden file is never changed; a new member gets a new file.
/// </summary>
public sealed class ContractTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string> Golden => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!)];

    private static IEnumerable<Type> Messages => typeof(ObservationsRecorded).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("ed", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Message_SentByAnEarlierVersion_IsReadWhole(string file)
    {
        var sent = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken))!;
        var type = Messages.Single(message => file.StartsWith(message.Name + ".", StringComparison.Ordinal));

        var read = JsonSerializer.Deserialize(sent, type, MessageJson.Options);

        AssertContains(sent, JsonSerializer.SerializeToNode(read, type, MessageJson.Options)!, file);
    }

    [Fact]
    public void Message_Each_HasAGoldenFileAndANamespaceOfItsService()
    {
        Assert.NotEmpty(Messages);
        Assert.All(Messages, message =>
        {
            Assert.Matches(@"^LivingCity\.Contracts\.\w+$", message.Namespace);
            Assert.Contains(Golden, file => ((string)file.Data).StartsWith(message.Name + ".", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Message_Each_IsAnImmutableRecordWithTheCity() => Assert.All(Messages, message =>
    {
        Assert.NotNull(message.GetMethod("<Clone>$"));
        Assert.NotNull(message.GetProperty("City"));
        Assert.All(message.GetProperties(), property => Assert.Contains(typeof(System.Runtime.CompilerServices.IsExternalInit), property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
    });

    private static void AssertContains(JsonNode sent, JsonNode said, string path)
    {
        switch (sent)
        {
            case JsonObject members:
                Assert.All(members, member =>
                {
                    Assert.True(said.AsObject().ContainsKey(member.Key), $"{path}.{member.Key} is lost");
                    AssertContains(member.Value!, said[member.Key]!, $"{path}.{member.Key}");
                });
                break;
            case JsonArray items:
                Assert.Equal(items.Count, said.AsArray().Count);
                foreach (var (first, second) in items.Zip(said.AsArray()))
                {
                    AssertContains(first!, second!, path);
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(sent, said), $"{path}: {sent} became {said}");
                break;
        }
    }
}
