namespace LivingCity.Dataspace.Tests.Catalogue;

/// <summary>SHACL, as far as the shapes of DCAT-AP 3.0.1 use it: target classes, and for each path how often, which kind of node, which class and which datatype.</summary>
internal sealed class Shapes
{
    private const string Sh = "http://www.w3.org/ns/shacl#";
    private const string Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

    private readonly ILookup<string, Triple> shapes;
    private readonly IReadOnlyList<Triple> all;

    public Shapes(string turtle) => (all, shapes) = (TurtleReader.Read(turtle), TurtleReader.Read(turtle).ToLookup(triple => triple.Subject.Value));

    /// <summary>What of a graph breaks a shape, in words.</summary>
    public IEnumerable<string> Violations(IReadOnlyList<Triple> graph)
    {
        var data = graph.ToLookup(triple => triple.Subject.Value);
        foreach (var shape in all.Where(triple => triple.Predicate == Sh + "targetClass"))
        {
            foreach (var node in graph.Where(triple => triple.Predicate == Type && triple.Object.Value == shape.Object.Value).Select(triple => triple.Subject.Value).Distinct())
            {
                foreach (var violation in shapes[shape.Subject.Value].Where(triple => triple.Predicate == Sh + "property").SelectMany(property => Check(property.Object.Value, node, data)))
                {
                    yield return $"{node}: {violation}";
                }
            }
        }
    }

    private IEnumerable<string> Check(string property, string node, ILookup<string, Triple> data)
    {
        var rules = shapes[property].ToLookup(triple => triple.Predicate, triple => triple.Object.Value);
        if (rules[Sh + "path"].SingleOrDefault() is not { } path)
        {
            yield break; // two shapes of data services are named in the published file and not there
        }

        var values = data[node].Where(triple => triple.Predicate == path).Select(triple => triple.Object).Distinct().ToArray();
        foreach (var least in rules[Sh + "minCount"].Where(least => values.Length < int.Parse(least, System.Globalization.CultureInfo.InvariantCulture)))
        {
            yield return $"{path} {values.Length} times, at least {least}";
        }

        foreach (var most in rules[Sh + "maxCount"].Where(most => values.Length > int.Parse(most, System.Globalization.CultureInfo.InvariantCulture)))
        {
            yield return $"{path} {values.Length} times, at most {most}";
        }

        foreach (var value in values)
        {
            foreach (var kind in rules[Sh + "nodeKind"].Where(kind => value.IsLiteral != (kind == Sh + "Literal")))
            {
                yield return $"{path} {value.Value} is no {kind}";
            }

            foreach (var wanted in rules[Sh + "datatype"].Where(wanted => value.Datatype != wanted))
            {
                yield return $"{path} {value.Value} is no {wanted}";
            }

            foreach (var wanted in rules[Sh + "class"].Where(wanted => !data[value.Value].Any(triple => triple.Predicate == Type && triple.Object.Value == wanted)))
            {
                yield return $"{path} {value.Value} is not said to be a {wanted}";
            }
        }
    }
}
