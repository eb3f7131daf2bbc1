using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Subscriptions.Matching;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>The index gives the same answer as asking every subscription.</summary>
public sealed class MatchingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Candidates_RandomSubscriptionsAndChanges_HoldAllThatMatch(int seed)
    {
        var random = new Random(seed);
        var index = new TenantSubscriptions();
        var all = new Dictionary<string, ActiveSubscription>();
        var found = 0;
        for (var step = 1; step <= 2000; step++)
        {
            var id = $"urn:s:{random.Next(300)}";
            var next = random.Next(5) == 0 ? null : Subscription(id, random);
            index.Apply(step, new Dictionary<string, ActiveSubscription?> { [id] = next });
            if (next is null)
            {
                all.Remove(id);
            }
            else
            {
                all[id] = next;
            }

            var change = Change(random);
            var expected = all.Values.Where(subscription => subscription.IsActive && subscription.Matches(change)).Select(subscription => subscription.Id).Order();
            var actual = index.Candidates(change).Where(subscription => subscription.Matches(change)).Select(subscription => subscription.Id).Order().ToArray();
            Assert.Equal(expected, actual);
            found += actual.Length;
        }

        Assert.True(found > 1000, "the random changes match something");
    }

    [Fact]
    public void Candidates_TenThousandThatDoNotMatch_AreNotLookedAt()
    {
        var index = new TenantSubscriptions();
        var random = new Random(1);
        index.Apply(1, Enumerable.Range(0, 10_000).ToDictionary(number => $"urn:s:{number}", number => (ActiveSubscription?)((number % 2 == 0
            ? Subscription($"urn:s:{number}", random, $$"""{"entities":[{"type":"urn:t:other{{number}}"}]}""")
            : Subscription($"urn:s:{number}", random, $$"""{"entities":[{"type":"urn:t:0"}],"watchedAttributes":["urn:a:other{{number}}"]}""")) with { Triggers = new HashSet<Trigger> { Trigger.AttributeCreated, Trigger.AttributeUpdated } })));

        Assert.Empty(index.Candidates(Change(random)));
    }

    private static ActiveSubscription Subscription(string id, Random random, string? text = null)
    {
        string Pick(string kind, int of) => $"urn:{kind}:{random.Next(of)}";
        text ??= random.Next(6) switch
        {
            0 => $$"""{"entities":[{"type":"{{Pick("t", 4)}}"}]}""",
            1 => $$"""{"entities":[{"type":"{{Pick("t", 4)}}","id":"{{Pick("e", 5)}}"}]}""",
            2 => $$"""{"entities":[{"type":"{{Pick("t", 4)}};{{Pick("t", 4)}}"},{"type":"{{Pick("t", 4)}}"}]}""",
            3 => $$"""{"watchedAttributes":["{{Pick("a", 4)}}"]}""",
            4 => $$"""{"entities":[{"type":"*","idPattern":"{{random.Next(5)}}$"}],"watchedAttributes":["{{Pick("a", 4)}}","{{Pick("a", 4)}}"]}""",
            _ => $$"""{"entities":[{"type":"{{Pick("t", 4)}}|{{Pick("t", 4)}}"}],"watchedAttributes":["{{Pick("a", 4)}}"]}""",
        };
        var document = JsonNode.Parse(text)!.AsObject();
        return new ActiveSubscription
        {
            Id = id,
            Kind = SubscriptionKind.Entities,
            Lane = 1,
            Target = "",
            IsGeoJson = false,
            Representation = new Representation(LdContext.Core),
            Selectors = EntityFilter.ReadAll(document),
            Watched = document["watchedAttributes"]?.AsArray().Select(name => (string)name!).ToHashSet(),
            Triggers = Enum.GetValues<Trigger>().Where(_ => random.Next(2) == 0).ToHashSet(),
            IsActive = random.Next(10) > 0,
            Document = document,
        };
    }

    private static EntityChange Change(Random random)
    {
        var value = new AttributeInstance(AttributeKind.Property, JsonSerializer.SerializeToElement(1));
        var attributes = Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(number => random.Next(3) switch
        {
            0 => new AttributeChange($"urn:a:{number}", null, value),
            1 => new AttributeChange($"urn:a:{number}", value, value),
            _ => new AttributeChange($"urn:a:{number}", value, null),
        }).ToArray();
        var entity = new Entity { Id = $"urn:e:{random.Next(5)}", Types = [.. Enumerable.Range(0, 4).Where(number => number == 0 || random.Next(3) == 0).Select(number => $"urn:t:{number}")] };
        return random.Next(3) switch
        {
            0 => new EntityChange(null, entity, [.. attributes.Where(attribute => attribute.Before is null)], DateTimeOffset.UnixEpoch),
            1 => new EntityChange(entity, null, [], DateTimeOffset.UnixEpoch),
            _ => new EntityChange(entity, entity, attributes, DateTimeOffset.UnixEpoch),
        };
    }
}
