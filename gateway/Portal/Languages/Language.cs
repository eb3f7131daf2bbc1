using System.Globalization;
using System.Resources;

namespace LivingCity.Gateway.Portal.Languages;

/// <summary>Names the resource files <c>Texts.resx</c> (English) and <c>Texts.{language}.resx</c>.</summary>
internal sealed class Texts;

/// <summary>A language of the portal, by its own name.</summary>
internal sealed record Language(string Tag, string Name)
{
    /// <summary>The official languages of the European Union.</summary>
    public static readonly IReadOnlyList<Language> All =
    [
        new("bg", "български"), new("cs", "čeština"), new("da", "dansk"), new("de", "Deutsch"), new("el", "ελληνικά"), new("en", "English"), new("es", "español"), new("et", "eesti"),
        new("fi", "suomi"), new("fr", "français"), new("ga", "Gaeilge"), new("hr", "hrvatski"), new("hu", "magyar"), new("it", "italiano"), new("lt", "lietuvių"), new("lv", "latviešu"),
        new("mt", "Malti"), new("nl", "Nederlands"), new("pl", "polski"), new("pt", "português"), new("ro", "română"), new("sk", "slovenčina"), new("sl", "slovenščina"), new("sv", "svenska"),
    ];

    /// <summary>Those in which every text is there; a language is offered whole or not at all.</summary>
    public static readonly IReadOnlyList<Language> Offered = [.. All.Where(language => Missing(language.Tag).Count == 0)];

    /// <summary>The language of the current request.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>Texts that a language lacks. Only those of its own plural forms are asked of it.</summary>
    public static IReadOnlyCollection<string> Missing(string tag)
    {
        var wanted = Keys("en").Where(key => !Plurals.IsForm(key));
        var counted = Keys("en").Where(Plurals.IsForm).Select(Plurals.Stem).Distinct().SelectMany(stem => Plurals.Forms(tag).Select(form => $"{stem}.{form}"));
        return [.. wanted.Concat(counted).Except(Keys(tag))];
    }

    private static HashSet<string> Keys(string tag)
    {
        var resources = new ResourceManager(typeof(Texts));
        // English is the neutral resource, which the invariant culture names.
        var set = resources.GetResourceSet(tag == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(tag), createIfNotExists: true, tryParents: false);
        return set is null ? [] : [.. set.Cast<System.Collections.DictionaryEntry>().Select(entry => (string)entry.Key)];
    }
}
