using Microsoft.Playwright;
using NotebookKit.Interactive;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

/// <summary>The pages as a real browser shows them, with the network cut.</summary>
public sealed class BrowserTests(OpenBrowser open) : IClassFixture<OpenBrowser>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, false)]
    [InlineData(1280, true)]
    [InlineData(390, true)]
    public async Task Page_draws_every_figure_and_picture_without_an_error_or_a_request(int width, bool dark)
    {
        SiteBuilder.Build(folder.Path, [SampleNotebook.Write(folder.Path), SampleNotebook.Write(folder.Path, "02-other", "failed")]);
        await using var context = await open.WindowOrSkip(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, Offline = true });

        foreach (var name in new[] { "index", "01-sample" })
        {
            var page = await context.NewPageAsync();
            var told = new List<string>();
            page.Console += (_, message) => told.Add(message.Type is "error" or "warning" ? message.Text : "");
            page.PageError += (_, error) => told.Add(error);
            page.Request += (_, request) => told.Add(request.Url.StartsWith("file:", StringComparison.Ordinal) && request.IsNavigationRequest || request.Url.StartsWith("data:", StringComparison.Ordinal) || request.Url.StartsWith("blob:", StringComparison.Ordinal) ? "" : $"asked for {request.Url}");
            await page.GotoAsync(new Uri(Path.Combine(folder.Path, name + ".html")).AbsoluteUri);

            Assert.Equal(name == "index" ? 0 : 5, await page.Locator("figure.plot").CountAsync());
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.drawing')].every(d => d.querySelector('.main-svg .plot path, .main-svg .plot .point'))");
            Assert.True(await page.EvaluateAsync<bool>("() => [...document.images].every(i => i.complete && i.naturalWidth > 0 && i.alt)"));
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen");
            Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.drawing')].every(d => d.querySelector('.main-svg').getBoundingClientRect().width <= d.clientWidth + 1)"), "a figure is wider than its place");
            Assert.DoesNotContain(told, t => t.Length > 0);
            await ScreenshotAsync(page, $"{name}-{width}-{(dark ? "dark" : "light")}");
            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task Buttons_fold_the_code_and_change_the_theme_of_page_and_figures()
    {
        SiteBuilder.Build(folder.Path, [SampleNotebook.Write(folder.Path)]);
        await using var window = await open.WindowOrSkip(new() { ColorScheme = ColorScheme.Light });
        var page = await window.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(folder.Path, "01-sample.html")).AbsoluteUri);
        Task<string> Ink() => page.Locator(".drawing .xtitle").First.EvaluateAsync<string>("e => getComputedStyle(e).fill");

        var light = (await Ink(), await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await page.ClickAsync("#theme");
        await page.ClickAsync("#theme");
        var dark = (await Ink(), await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        var unfolded = await page.Locator("details.code[open]").CountAsync();
        await page.ClickAsync("#fold");

        Assert.Equal("theme: dark", await page.TextContentAsync("#theme"));
        Assert.NotEqual(light.Item1, dark.Item1);
        Assert.NotEqual(light.Item2, dark.Item2);
        Assert.True(unfolded > 5);
        Assert.Equal(0, await page.Locator("details.code[open]").CountAsync());
    }

    [Fact]
    public async Task Without_scripts_figures_show_as_pictures()
    {
        var sample = SampleNotebook.Write(folder.Path);
        var notebook = NotebookReader.Read(sample.NotebookPath);
        await FigurePictures.AddAsync(notebook, Browser.Find(), TestContext.Current.CancellationToken);
        SiteBuilder.Build(folder.Path, [sample with { Notebook = notebook }]);
        await using var window = await open.WindowOrSkip(new() { JavaScriptEnabled = false });
        var page = await window.NewPageAsync();

        await page.GotoAsync(new Uri(Path.Combine(folder.Path, "01-sample.html")).AbsoluteUri);

        Assert.Equal(5, await page.Locator("figure.plot img").CountAsync());
        foreach (var picture in await page.Locator("figure.plot img").AllAsync())
        {
            Assert.InRange((await picture.BoundingBoxAsync())!.Width, 300, 1400);
        }
    }

    [Fact]
    public async Task Slides_turn_by_keys_show_fragments_one_by_one_and_fit_their_stage()
    {
        SlideBuilder.Build(SampleNotebook.Write(folder.Path).NotebookPath, Path.Combine(folder.Path, "slides.html"), folder.Path);
        await using var context = await open.WindowOrSkip(new() { ViewportSize = new() { Width = 1280, Height = 720 }, Offline = true });
        var page = await context.NewPageAsync();
        var told = new List<string>();
        page.Console += (_, message) => told.Add(message.Type is "error" or "warning" ? message.Text : "");
        page.PageError += (_, error) => told.Add(error);

        await page.GotoAsync(new Uri(Path.Combine(folder.Path, "slides.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.drawing')].length === 5 && [...document.querySelectorAll('.drawing')].every(d => d.querySelector('.main-svg .plot path, .main-svg .plot .point'))");
        // The sample says five slides; its four figures in one cell are too much for one, and go on under the same heading.
        var count = await page.Locator(".slide").CountAsync();
        Assert.InRange(count, 6, 9);
        Assert.Equal("The same name", await page.Locator(".again").Last.TextContentAsync());
        var seen = new List<string>();
        for (var i = 0; i < count + 2; i++)
        {
            seen.Add(await page.TextContentAsync("#place") + (await page.Locator(".slide.current .fragment.shown").CountAsync() > 0 ? "+" : ""));
            await ScreenshotAsync(page, $"slide-{i}");
            await page.Keyboard.PressAsync("ArrowRight");
        }

        string[] places = [.. Enumerable.Range(1, count).Select(i => $"{i} / {count}")];
        Assert.Equal(places, seen.Where(s => !s.EndsWith('+')).Distinct());
        Assert.Single(seen, s => s.EndsWith('+'));
        Assert.Equal(places[^1], seen[^1]);
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(places[0], await page.TextContentAsync("#place"));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.EndsWith($"#{count - 1}", page.Url, StringComparison.Ordinal);
        Assert.Equal("", await page.EvaluateAsync<string>("() => [...document.querySelectorAll('.slide')].filter(s => s.scrollHeight > s.clientHeight + 1).map(s => `${s.getAttribute('aria-label')} is cut off: ${s.scrollHeight}, zoom ${s.querySelector('.fit').style.zoom}, ${s.querySelector('.fit').innerText.slice(0, 80)}`).join()"));
        Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.slide')].every(s => s.querySelectorAll('.fit > * > *').length === 1 || parseFloat(s.querySelector('.fit').style.zoom) > 0.75)"), "several things on a slide are too small to read");
        Assert.DoesNotContain(told, t => t.Length > 0);
    }

    [Fact]
    public async Task Slides_print_to_one_page_each_and_tell_their_notes_in_a_window()
    {
        SlideBuilder.Build(SampleNotebook.Write(folder.Path).NotebookPath, Path.Combine(folder.Path, "slides.html"), folder.Path);
        await using var window = await open.WindowOrSkip();
        var page = await window.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(folder.Path, "slides.html")).AbsoluteUri);
        var noted = await page.EvaluateAsync<int>("() => [...document.querySelectorAll('.slide')].findIndex(s => s.querySelector('.notes').innerHTML.includes('slowly'))");
        for (var i = 0; i <= noted; i++)
            await page.Keyboard.PressAsync("ArrowRight"); // one of them shows the fragment

        var notes = await page.RunAndWaitForPopupAsync(() => page.Keyboard.PressAsync("s"));
        Assert.Equal("Say slowly what the band is.", await notes.TextContentAsync(".prose p"));
        var pdf = System.Text.Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true }));

        Assert.Equal(await page.Locator(".slide").CountAsync(), System.Text.RegularExpressions.Regex.Count(pdf, @"/Type\s*/Page\b(?!s)"));
    }

    [Fact]
    public async Task In_another_host_a_figure_draws_itself_beside_a_module_loader_and_another_plotly()
    {
        await using var window = await open.WindowOrSkip(new() { Offline = true });
        var page = await window.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        var file = Path.Combine(folder.Path, "host.html");
        var figure = SampleNotebook.Figures[1].ToHtml();

        // One figure stands before plotly.js: a notebook that is opened again may show its outputs in any order.
        await File.WriteAllTextAsync(file, $$"""
            <!DOCTYPE html><meta charset="utf-8"><script>const define = () => { throw new Error("plotly.js went to the loader"); }; define.amd = {}; window.Plotly = "of the host";</script>
            {{SampleNotebook.Figures[0].ToHtml()}}{{Kit.PlotlyLoader()}}{{figure}}{{figure}}
            """, TestContext.Current.CancellationToken);

        await page.GotoAsync(new Uri(file).AbsoluteUri);

        await page.WaitForFunctionAsync("() => document.querySelectorAll('[data-nbk-figure]:has(.main-svg .plot)').length === 3");
        Assert.Equal(3, await page.Locator("[data-nbk-figure][role=img]").CountAsync());
        Assert.Equal("of the host", await page.EvaluateAsync<string>("() => window.Plotly"));
        Assert.Empty(errors);
    }

    /// <summary>For a person to look at, in the folder that the variable NOTEBOOKKIT_SCREENSHOTS names.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NOTEBOOKKIT_SCREENSHOTS") is { Length: > 0 } shots)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(shots, name + ".png"), FullPage = true });
        }
    }
}
