using System.Net;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>Any sequence of operations leaves the same state as in a simple model: entities of simplified values, changed as the clauses say in a few lines each.</summary>
[Collection<BrokerTests>]
public sealed class OperationModelTests(BrokerFixture fixture)
{
    private static readonly string[] Ids = ["urn:m:1", "urn:m:2", "urn:m:3"];
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly BrokerClient city = fixture.NewCity();
    private readonly Dictionary<string, JsonObject> model = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Operations_InAnySequence_LeaveWhatTheModelHas(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 250; step++)
        {
            var id = Ids[random.Next(Ids.Length)];
            var (method, path, body, expected) = Operation(random, id);
            var answer = await city.SendAsync(method, path, body);
            Assert.True(answer.Status == expected, $"step {step}: {method} {path} {body}: {answer.Status} instead of {expected} {answer.Text}");
            if (step % 10 == 9)
            {
                await CompareAsync(step);
            }
        }
    }

    private async Task CompareAsync(int step)
    {
        var stored = (await city.ExpectAsync(HttpStatusCode.OK, "GET", "/entities?type=T&options=keyValues")).Body.AsArray().ToDictionary(entity => (string)entity!["id"]!, entity => entity!.AsObject());
        Assert.Equal(model.Keys.Order(), stored.Keys.Order());
        Assert.All(model, entity => Assert.True(JsonNode.DeepEquals(entity.Value, stored[entity.Key]), $"after step {step}\nmodel  {entity.Value.ToJsonString()}\nbroker {stored[entity.Key].ToJsonString()}"));
        var found = await city.FindAsync("type=T&q=a==\"x\"");
        Assert.Equal(model.Where(entity => entity.Value["a"] is JsonArray items ? items.Any(item => item!.ToString() == "x") : entity.Value["a"]?.ToString() == "x").Select(entity => entity.Key).Order(), found);
    }

    private (string Method, string Path, string? Body, HttpStatusCode Expected) Operation(Random random, string id)
    {
        var fragment = Fragment(random);
        var name = Names[random.Next(Names.Length)];
        var entity = model.GetValueOrDefault(id);
        var exists = entity is not null;
        switch (random.Next(11))
        {
            case 0:
                model.TryAdd(id, Whole(id, fragment));
                return ("POST", "/entities", Whole(id, fragment).ToJsonString(), exists ? HttpStatusCode.Conflict : HttpStatusCode.Created);
            case 1:
                model.Remove(id);
                return ("DELETE", $"/entities/{id}", null, exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 2:
                Replace(exists, id, Whole(id, fragment));
                return ("PUT", $"/entities/{id}", Whole(id, fragment).ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 3:
                Put(entity, fragment);
                return ("POST", $"/entities/{id}/attrs", fragment.ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 4:
                Put(entity, fragment);
                return ("PATCH", $"/entities/{id}/attrs", fragment.ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 5:
                var removed = entity?.Remove(name) == true;
                return ("DELETE", $"/entities/{id}/attrs/{name}", null, removed ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 6:
                Put(entity, fragment);
                return ("PATCH", $"/entities/{id}", fragment.ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 7:
                var gone = entity?.Remove(name);
                return ("PATCH", $"/entities/{id}", new JsonObject { [name] = "urn:ngsi-ld:null" }.ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
            case 8:
                model[id] = Whole(id, fragment);
                return ("POST", "/entityOperations/upsert", new JsonArray(Whole(id, fragment)).ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.Created);
            case 9:
                Put(entity, fragment);
                if (!exists)
                {
                    model[id] = Whole(id, fragment);
                }

                return ("POST", "/entityOperations/upsert?options=update", new JsonArray(Whole(id, fragment)).ToJsonString(), exists ? HttpStatusCode.NoContent : HttpStatusCode.Created);
            default:
                var value = Value(random);
                var has = entity?.ContainsKey(name) == true;
                Put(has ? entity : null, new JsonObject { [name] = value.DeepClone() });
                return ("PUT", $"/entities/{id}/attrs/{name}", new JsonObject { ["type"] = "Property", ["value"] = value }.ToJsonString(), has ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
        }
    }

    private void Replace(bool exists, string id, JsonObject entity)
    {
        if (exists)
        {
            model[id] = entity;
        }
    }

    private static void Put(JsonObject? entity, JsonObject fragment)
    {
        foreach (var (name, value) in fragment)
        {
            if (entity is not null)
            {
                entity[name] = value?.DeepClone();
            }
        }
    }

    private static JsonObject Whole(string id, JsonObject fragment)
    {
        var entity = new JsonObject { ["id"] = id, ["type"] = "T" };
        Put(entity, fragment);
        return entity;
    }

    private static JsonObject Fragment(Random random)
    {
        var chosen = Names.Where(_ => random.Next(2) == 0).ToArray();
        return new JsonObject((chosen.Length > 0 ? chosen : ["a"]).Select(name => KeyValuePair.Create(name, (JsonNode?)Value(random))));
    }

    private static JsonNode Value(Random random) => random.Next(4) switch { 0 => random.Next(5), 1 => random.Next(2) == 0, 2 => new JsonArray("x", random.Next(3)), _ => random.Next(2) == 0 ? "x" : "y" };
}
