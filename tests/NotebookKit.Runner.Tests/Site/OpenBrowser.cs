using Microsoft.Playwright;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

/// <summary>The browser of this machine, opened once for the tests of a class.</summary>
public sealed class OpenBrowser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Browser.Find() is { } found)
        {
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = found.Path, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A window of its own. A busy machine may take minutes over what takes a second, and is no failure.</summary>
    internal async Task<IBrowserContext> WindowOrSkip(BrowserNewContextOptions? options = null)
    {
        Needed.OrSkip(browser is not null, "No Chromium, Chrome or Edge on this machine: install one, or name it in NOTEBOOKKIT_CHROMIUM.");
        var window = await browser!.NewContextAsync(options ?? new());
        window.SetDefaultTimeout(300_000);
        return window;
    }
}
