using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Assessment;

/// <summary>Somebody who uses the keyboard alone.</summary>
internal static class Keyboard
{
    private const int MostStops = 600;

    private const string Focused = """
        () => {
          const e = document.activeElement, form = e?.closest?.('form');
          const answers = form?.action?.includes('/answers/') ?? false;
          const group = e?.type === 'radio' ? [...form.elements].filter(o => o.name === e.name) : e?.type === 'checkbox' ? [...form.elements].filter(o => o.name === e.name) : [e];
          return { tag: e?.tagName.toLowerCase() ?? '', type: e?.type ?? '', name: e?.name ?? '', value: e?.value ?? '', text: (e?.textContent ?? '').trim(),
            open: answers && e.name !== 'notApplicable' && (e.type === 'radio' || e.type === 'checkbox' ? group.every(o => !o.checked) : e.value === ''),
            question: e?.closest?.('[data-question]')?.dataset.question ?? '' };
        }
        """;

    /// <summary>What has the focus; with setters, because the browser's answer is read into it.</summary>
    public sealed class Stop
    {
        public string Tag { get; set; } = "";

        public string Type { get; set; } = "";

        public string Name { get; set; } = "";

        public string Value { get; set; } = "";

        public string Text { get; set; } = "";

        public bool Open { get; set; }

        public string Question { get; set; } = "";
    }

    public static Task<Stop> WhereAsync(IPage page) => page.EvaluateAsync<Stop>(Focused);

    /// <summary>Presses Tab until the focus is on what is looked for.</summary>
    public static async Task<Stop> GoToAsync(IPage page, Func<Stop, bool> wanted)
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await WhereAsync(page) is var here && wanted(here))
            {
                return here;
            }
        }

        throw new InvalidOperationException("Tab does not lead there.");
    }

    /// <summary>Goes through a section from top to bottom, answers what is open, and follows the link at its end.</summary>
    /// <returns>How many questions were answered.</returns>
    public static async Task<int> AnswerSectionAsync(IPage page)
    {
        await page.Locator("answer-sheet .save[hidden]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached }); // the script has taken over
        await page.EvaluateAsync("document.querySelector('#content').focus()"); // where the skip link leads
        var answered = new HashSet<string>();
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var here = await WhereAsync(page);
            if (here is { Tag: "a", Text: var text } && (text.StartsWith("Next section", StringComparison.Ordinal) || text == "To review and submission"))
            {
                await page.Keyboard.PressAsync("Enter");
                return answered.Count;
            }

            if (!here.Open)
            {
                continue;
            }

            await GiveAsync(page, here);
            answered.Add(here.Question);
            // The last row of a matrix saves it; until then nothing is sent that could be waited for.
            if (!await page.Locator($"[id='{here.Question}'] .matrix-row").AllAsync().ContinueWith(rows => rows.Result.Count > 0, TaskScheduler.Default))
            {
                await page.Locator($"[id='{here.Question}'] [data-state]:text-is('Saved.')").WaitForAsync();
            }
        }

        throw new InvalidOperationException("The section has no end.");
    }

    private static async Task GiveAsync(IPage page, Stop here)
    {
        switch (here.Type)
        {
            case "radio" or "checkbox":
                await page.Keyboard.PressAsync("Space");
                break;
            case "number":
                await page.Keyboard.TypeAsync("5");
                await page.Keyboard.PressAsync("Enter");
                break;
            case "date":
                await page.Keyboard.TypeAsync("06012026");
                await page.Keyboard.PressAsync("Enter");
                break;
            default:
                await page.Keyboard.TypeAsync("https://city.example/strategy");
                await page.Keyboard.PressAsync("Tab");
                await page.Keyboard.PressAsync("Shift+Tab");
                break;
        }
    }
}
