namespace LivingCity.AppHost.Embedded;

/// <summary>What all pages have around them.</summary>
internal static class Layout
{
    private static readonly (string Path, string Title)[] Pages = [("", "Resources"), ("output", "Output"), ("logs", "Logs"), ("traces", "Traces"), ("metrics", "Metrics")];

    /// <param name="root">The way back to the first page, relative, because the token before it is no page's business.</param>
    public static Html Page(string title, Html content, string root = "./", int? refreshSeconds = null) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {(refreshSeconds is { } seconds ? Html.Of($"""<meta http-equiv="refresh" content="{seconds}">""") : default)}
        <title>{title} · Living City</title>
        <link rel="stylesheet" href="{root}style.css">
        </head>
        <body>
        <header><strong>Living City</strong><nav aria-label="Pages">{Html.Join(Pages.Select(page => Link(page, title, root)))}</nav></header>
        <main><h1>{title}</h1>
        {content}
        </main>
        </body>
        </html>
        """);

    public static Html Time(DateTimeOffset time) => Html.Of($"""<time datetime="{time:O}">{time.ToLocalTime():HH:mm:ss.fff}</time>""");

    public static Html Nothing(string text) => Html.Of($"<p>{text}</p>");

    private static Html Link((string Path, string Title) page, string title, string root) => page.Title.StartsWith(title, StringComparison.Ordinal)
        ? Html.Of($"""<a href="{root}{page.Path}" aria-current="page">{page.Title}</a>""")
        : Html.Of($"""<a href="{root}{page.Path}">{page.Title}</a>""");
}
