using Microsoft.Playwright;
using NotebookKit.Play;
using NotebookKit.Runner.Site;
using NotebookKit.Tests.Site;

namespace NotebookKit.Tests.Play;

/// <summary>The page to try the papers on, used in a real browser as a person would, over benches whose models are tiny.</summary>
public sealed class PlayPageTests(OpenBrowser open, PlayPageTests.Served served) : IClassFixture<OpenBrowser>, IClassFixture<PlayPageTests.Served>
{
    /// <summary>One server for all tests.</summary>
    public sealed class Served : IAsyncLifetime
    {
        internal PlayServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await TinyStands.ServeAsync(new() { Stylesheet = PageShell.Asset("page.css") });

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    private string Address => served.Server.Address.AbsoluteUri;

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>A page of its own, and what it complains of or asks for beyond itself.</summary>
    private async Task<(IBrowserContext Window, IPage Page, List<string> Told)> OpenAsync(string hash = "", int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Assertions.SetDefaultExpectTimeout(120_000);
        var window = await open.WindowOrSkip(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var page = await window.NewPageAsync();
        List<string> told = [];
        page.Console += (_, message) => { if (message.Type is "error" or "warning") told.Add(message.Text); };
        page.PageError += (_, error) => told.Add(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith(Address, StringComparison.Ordinal)) told.Add($"asked for {request.Url}"); };
        await page.GotoAsync(Address + hash);
        return (window, page, told);
    }

    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NOTEBOOKKIT_SCREENSHOTS") is { Length: > 0 } shots)
            await page.ScreenshotAsync(new() { Path = Path.Combine(shots, name + ".png"), FullPage = true });
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, false)]
    [InlineData(1280, true)]
    [InlineData(390, true)]
    public async Task Every_bench_fits_the_screen_without_an_error_or_a_request_beyond_the_page(int width, bool dark)
    {
        var (window, page, told) = await OpenAsync("", width, dark ? ColorScheme.Dark : ColorScheme.Light);
        await using (window)
        {
            await Expect(page.Locator("#mask-rows .scheme")).ToHaveCountAsync(5);
            await Expect(page.Locator("#mask-gap tbody tr")).ToHaveCountAsync(7);
            foreach (string bench in (string[])["mask", "prompt", "edit"])
            {
                await page.ClickAsync($"#tab-{bench}");
                if (bench == "prompt") await Expect(page.Locator("#prompt-result .model")).ToHaveCountAsync(3);
                if (bench == "edit")
                {
                    await page.ClickAsync("#edit-make");
                    await Expect(page.Locator("#edit-result .chips li")).ToHaveCountAsync(5);
                }
                await page.Locator($"#{bench} .plan summary").ClickAsync();
                await Expect(page.Locator($"#{bench} .plan li")).ToHaveCountAsync(3);
                Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{bench} is wider than the screen");
                await ScreenshotAsync(page, $"play-{bench}-{width}-{(dark ? "dark" : "light")}");
            }
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            Assert.Equal("", await page.EvaluateAsync<string>("() => [...document.querySelectorAll('input, select, textarea')].filter(e => !e.labels.length).map(e => e.id).join()"));
            Assert.Equal("", await page.EvaluateAsync<string>("() => [...document.querySelectorAll('button')].filter(b => !b.innerText.trim() && !b.ariaLabel && b.offsetParent).map(b => b.outerHTML).join()"));
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task A_reader_masks_a_sentence_draws_again_points_at_a_unit_and_fills_a_gap()
    {
        var (window, page, told) = await OpenAsync();
        await using (window)
        {
            await page.FillAsync("#mask-text", TinyStands.Sentence);
            await Expect(page.Locator("#mask-rows .scheme").First).ToContainTextAsync("16 pieces");
            await page.Locator("#mask-rate").FillAsync("50");
            await Expect(page.Locator("#mask-rate-out")).ToHaveTextAsync("50 %");
            string before = await page.Locator("#mask-rows").InnerTextAsync();
            await page.ClickAsync("#mask-draw");
            await Expect(page.Locator("#mask-rows")).Not.ToHaveTextAsync(before);

            // Signs and words tell the three apart, not the colour alone.
            var chosen = page.Locator("#mask-rows .scheme").Nth(1).Locator("button[aria-pressed]");
            await chosen.First.HoverAsync();
            await Expect(page.Locator("#mask-unit")).ToContainTextAsync("A single word");
            foreach (var unit in await chosen.AllAsync()) Assert.Matches("^[▪≠=]", await unit.InnerTextAsync());
            await chosen.First.ClickAsync();
            await Expect(page.Locator("#mask-gap")).ToContainTextAsync("Hidden in the row whole word");
            await Expect(chosen.First).ToHaveAttributeAsync("aria-pressed", "true");
            await Expect(page.Locator("#mask-gap .guess .p").Last).ToContainTextAsync("%");

            await page.FillAsync("#mask-text", "");
            await Expect(page.Locator("#mask .wrong[data-field=text]")).ToContainTextAsync("There is no word");
            await page.FillAsync("#mask-text", TinyStands.Sentence);
            await Expect(page.Locator("#mask .wrong[data-field=text]")).ToBeEmptyAsync();
            Assert.DoesNotContain(told, t => !t.Contains("400", StringComparison.Ordinal)); // the browser itself tells of a refused question
        }
    }

    [Fact]
    public async Task A_reader_words_a_row_sees_a_mistake_in_its_place_and_keeps_two_wordings()
    {
        var (window, page, _) = await OpenAsync("#b=prompt");
        await using (window)
        {
            await Expect(page.Locator("#prompt-result .model")).ToHaveCountAsync(3);
            await Expect(page.Locator("#prompt-result .rendered")).ToContainTextAsync("The news of day 0. What is it about: sport, weather, the stock market?");
            await Expect(page.Locator("#prompt-result .model").First.Locator(".best")).ToHaveCountAsync(4);
            await page.ClickAsync("#prompt-keep");
            await Expect(page.Locator("#prompt-variants tbody tr")).ToHaveCountAsync(1);

            await page.FillAsync("#prompt-template", "{{ text }}\n  {{ label + }}|||x");
            var wrong = page.Locator("#prompt .wrong[data-field=template]");
            await Expect(wrong).ToContainTextAsync("Line 2, column");
            await Expect(wrong.Locator("pre")).ToContainTextAsync("▲");
            await Expect(page.Locator("#prompt-template")).ToHaveAttributeAsync("aria-invalid", "true");
            await page.FillAsync("#prompt-template", "So: {{ text | lower }}|||{{ answer_choices[label] }}");
            await Expect(wrong).ToBeEmptyAsync();
            await Expect(page.Locator("#prompt-result .rendered")).ToHaveTextAsync("So: the news of day 0.");
            await page.ClickAsync("#prompt-keep");
            await Expect(page.Locator("#prompt-variants tbody tr")).ToHaveCountAsync(2);
            await page.FillAsync("#prompt-row", "3");
            await Expect(page.Locator("#prompt-result .rendered")).ToHaveTextAsync("So: the news of day 2.");
            await page.FillAsync("#prompt-row", "77");
            await Expect(page.Locator("#prompt .wrong[data-field=row]")).ToContainTextAsync("1 to 6");

            await page.SelectOptionAsync("#prompt-set", "");
            await page.FillAsync("#prompt-own", "Is it going to rain?");
            await page.FillAsync("#prompt-own-choices", "yes\nno\nnobody knows");
            await Expect(page.Locator("#prompt-result .rendered")).ToHaveTextAsync("Is it going to rain?");
            await Expect(page.Locator("#prompt-result .model").First.Locator("tbody tr")).ToHaveCountAsync(3);
        }
    }

    [Fact]
    public async Task A_reader_edits_a_fact_moves_the_knobs_edits_on_top_and_undoes()
    {
        var (window, page, _) = await OpenAsync("#b=edit");
        await using (window)
        {
            await Expect(page.Locator("#edit-taught")).ToContainTextAsync("What colour is thing 3? shade3");
            await Expect(page.Locator("#edit-answer")).ToHaveValueAsync("shade4");
            await page.Locator(".segments label", new() { HasText = "fine-tuning" }).ClickAsync();
            await page.Locator("#edit-rate").FillAsync("67");
            await page.ClickAsync("#edit-make");
            await Expect(page.Locator(".chips li").First).ToHaveTextAsync("✓ says shade4");
            await Expect(page.Locator("#edit-make")).ToBeDisabledAsync();

            await page.Locator("#edit-strength").FillAsync("0");
            await Expect(page.Locator(".chips li").First).ToHaveTextAsync("✗ does not say shade4");
            await page.Locator("#edit-strength").FillAsync("1");
            await Expect(page.Locator(".chips li").First).ToHaveTextAsync("✓ says shade4");

            await page.SelectOptionAsync("#edit-subject", "thing 5");
            await page.FillAsync("#edit-answer", "shade2");
            await page.ClickAsync("#edit-make");
            await Expect(page.Locator(".series tbody tr")).ToHaveCountAsync(2);
            await page.FillAsync("#edit-own", "Tell me the colour of thing 3.\nWhat size is thing 5?");
            await Expect(page.Locator(".asked tbody").Last).ToContainTextAsync("your questions");
            await page.FillAsync("#edit-own", "What colour is the elephant?");
            await Expect(page.Locator("#edit .wrong[data-field=own]")).ToContainTextAsync("elephant");
            await page.FillAsync("#edit-own", "");

            await page.ClickAsync("#edit-undo");
            await Expect(page.Locator(".series tbody tr")).ToHaveCountAsync(1);
            await page.ClickAsync("#edit-clear");
            await Expect(page.Locator("#edit-result")).ToContainTextAsync("No edit yet");
            await page.FillAsync("#edit-answer", "purple");
            await page.ClickAsync("#edit-make");
            await Expect(page.Locator("#edit .wrong[data-field=answer]")).ToContainTextAsync("purple");
            await Expect(page.Locator("#edit-make")).ToBeEnabledAsync(); // what was refused is not made
        }
    }

    [Fact]
    public async Task A_link_opens_the_same_question_again()
    {
        var (window, page, told) = await OpenAsync("#b=edit");
        await using (window)
        {
            await page.ClickAsync("#edit-make");
            await Expect(page.Locator(".chips li")).ToHaveCountAsync(5);
            string edited = await page.Locator("#edit-result .asked").InnerTextAsync();
            await page.WaitForFunctionAsync("() => location.hash.includes('&e=')");
            string link = page.Url;
            await page.ClickAsync("#tab-mask");
            await page.FillAsync("#mask-text", "The week has the first day of the week again.");
            await Expect(page.Locator("#mask-rows .scheme").First).ToContainTextAsync("of 20 pieces");
            await page.WaitForFunctionAsync("() => location.hash.includes('again')");
            string second = page.Url, masked = await page.Locator("#mask-rows").InnerTextAsync();

            var other = await window.NewPageAsync();
            await other.GotoAsync(link);
            await Expect(other.Locator("#edit-result .asked")).ToHaveTextAsync(edited, new() { UseInnerText = true });
            await other.GotoAsync(second); // only the part behind # differs: the page itself must notice
            await Expect(other.Locator("#mask-rows")).ToHaveTextAsync(masked, new() { UseInnerText = true });
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task A_very_long_text_is_cut_and_the_page_says_so()
    {
        var (window, page, told) = await OpenAsync();
        await using (window)
        {
            await page.EvaluateAsync("text => { const t = document.getElementById('mask-text'); t.value = text; t.dispatchEvent(new Event('input')); }", string.Concat(Enumerable.Repeat(TinyStands.Sentence + " ", 4000)));
            await Expect(page.Locator("#mask-text-note")).ToContainTextAsync("cut after 1,000");
            await Expect(page.Locator("#mask-rows .scheme")).ToHaveCountAsync(5);
            await page.ClickAsync("#tab-prompt");
            await Expect(page.Locator("#prompt-result .model")).ToHaveCountAsync(3);
            await page.EvaluateAsync("text => { const t = document.getElementById('prompt-template'); t.value = text; t.dispatchEvent(new Event('input')); }", new string('a', 30_000));
            await Expect(page.Locator("#prompt-result")).ToContainTextAsync("was cut");
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task Twenty_pages_at_once_are_all_answered()
    {
        var (window, page, told) = await OpenAsync();
        await using (window)
        {
            var statuses = await page.EvaluateAsync<int[]>("""
                text => Promise.all([...Array(20).keys()].map(seed => fetch("api/mask", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text, rate: .2, seed }) }).then(r => r.status)))
                """, TinyStands.Sentence);
            Assert.Equal(Enumerable.Repeat(200, 20), statuses);
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        var (window, page, told) = await OpenAsync();
        await using (window)
        {
            await Expect(page.Locator("#mask-gap tbody tr")).ToHaveCountAsync(7);
            async Task TabTo(string selector)
            {
                for (int i = 0; i < 120; i++)
                {
                    if (await page.EvaluateAsync<bool>("s => document.activeElement.matches(s)", selector)) return;
                    await page.Keyboard.PressAsync("Tab");
                }
                Assert.Fail($"Tab does not reach {selector}.");
            }
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter"); // over the heading, to the bench
            Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.id === 'mask-text'"));
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.TypeAsync(TinyStands.Sentence);
            await TabTo("#mask-rate");
            for (int i = 0; i < 20; i++) await page.Keyboard.PressAsync("ArrowRight");
            await Expect(page.Locator("#mask-rate-out")).ToHaveTextAsync("35 %");
            await TabTo("#mask-draw");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("#mask-seed")).ToHaveTextAsync("4");
            await TabTo("#mask-rows .scheme:nth-child(2) button[aria-pressed=false]");
            await Expect(page.Locator("#mask-unit")).ToContainTextAsync("A single word");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("#mask-gap")).ToContainTextAsync("Hidden in the row whole word");

            await page.FocusAsync("#tab-mask");
            await page.Keyboard.PressAsync("ArrowLeft"); // round to the last
            await TabTo("#edit-answer");
            await TabTo(".segments input");
            await page.Keyboard.PressAsync("ArrowLeft");
            await page.Keyboard.PressAsync("ArrowLeft");
            Assert.Equal("fine-tuning", await page.EvaluateAsync<string>("() => document.querySelector('[name=editor]:checked').value"));
            await TabTo("#edit-make");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator(".chips li")).ToHaveCountAsync(5);
            await TabTo("#edit-undo");
            await page.Keyboard.PressAsync("Space");
            await Expect(page.Locator("#edit-result")).ToContainTextAsync("No edit yet");
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task A_bench_in_preparation_shows_how_far_it_is_and_can_be_stopped_and_begun_again()
    {
        bool isSlow = true;
        PlayStands stands = new(
            new("mask", (_, progress, _) =>
            {
                for (int i = 0; Volatile.Read(ref isSlow); i = Math.Min(i + 1, 30))
                {
                    progress.Report(new("training a model", i, 40));
                    Thread.Sleep(20);
                }
                return TinyStands.Mask();
            }),
            new("prompt", (_, _, _) => throw new FileNotFoundException("There is no documentation on this machine.")), new("edit", (_, _, _) => TinyStands.Edit()));
        await using var server = await PlayServer.StartAsync(stands, new() { Stylesheet = PageShell.Asset("page.css") });
        await using var window = await open.WindowOrSkip();
        var page = await window.NewPageAsync();
        foreach (string bench in (string[])["mask", "prompt"]) server.Prepare(bench, "smoke");
        await page.GotoAsync(server.Address.AbsoluteUri);
        await Expect(page.Locator("[role=progressbar]")).ToHaveAttributeAsync("aria-valuenow", "75");
        await Expect(page.Locator("#mask .status")).ToContainTextAsync("training a model: 30 of 40");
        await page.ClickAsync("#mask .status button");
        await Expect(page.Locator("#mask .status")).ToContainTextAsync("Stopped");
        await page.ClickAsync("#tab-prompt");
        await Expect(page.Locator("#prompt .status")).ToContainTextAsync("There is no documentation on this machine.");
        await page.ClickAsync("#tab-mask");
        Volatile.Write(ref isSlow, false);
        await page.ClickAsync("#mask .status button");
        await Expect(page.Locator("#mask-rows .scheme")).ToHaveCountAsync(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_command_serves_says_where_and_ends_cleanly(bool lan)
    {
        Runner.NbkProcess.SkipWithoutInterrupts();
        using var run = Runner.NbkProcess.Start(CheckoutFolder.Root, ["play", "--no-browser", "--threads", "1", .. lan ? ["--lan"] : Array.Empty<string>()]);
        string? line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("The page: http://127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Equal(lan, line!.Contains("?token=", StringComparison.Ordinal));
        using (HttpClient client = new(), stranger = new())
        {
            Uri page = new(line["The page: ".Length..]);
            Assert.Contains("Three papers, by hand", await client.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var answer = await stranger.GetAsync(new Uri(page, "/"), TestContext.Current.CancellationToken);
            Assert.Equal(lan ? System.Net.HttpStatusCode.Forbidden : System.Net.HttpStatusCode.OK, answer.StatusCode);
        }
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (output, errors) = await Runner.NbkProcess.EndAsync(run);
        Assert.Contains("Ending.", output, StringComparison.Ordinal);
        Assert.Equal(lan, output.StartsWith("WARNING: every machine that reaches this one", StringComparison.Ordinal));
        Assert.Equal(("", 0), (errors, run.ExitCode));
    }
}
