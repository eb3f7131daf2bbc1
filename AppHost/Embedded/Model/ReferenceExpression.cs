using System.Runtime.CompilerServices;

namespace LivingCity.AppHost.Embedded;

/// <summary>A value that is known only when the application runs.</summary>
public interface IValueProvider
{
    string GetValue();
}

/// <summary>Text with holes that are filled when a process starts: <c>$"{keycloak.GetEndpoint("http")}/realms/city"</c>.</summary>
public sealed class ReferenceExpression : IValueProvider
{
    private readonly Func<string> evaluate;

    internal ReferenceExpression(Func<string> evaluate) => this.evaluate = evaluate;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler)
    {
        var parts = handler.Parts;
        return new(() => string.Concat(parts.Select(part => part())));
    }

    public string GetValue() => evaluate();

    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<Func<string>> Parts { get; } = new(formattedCount * 2 + Math.Min(literalLength, 1));

        public void AppendLiteral(string value) => Parts.Add(() => value);

        public void AppendFormatted(string? value) => Parts.Add(() => value ?? "");

        public void AppendFormatted<T>(T value)
            where T : IValueProvider => Parts.Add(value.GetValue);

        public void AppendFormatted<T>(IResourceBuilder<T> value)
            where T : IResource, IValueProvider => Parts.Add(value.Resource.GetValue);
    }
}
