using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NotebookKit.Play.Edit;
using NotebookKit.Play.Mask;
using NotebookKit.Play.Prompt;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Play;

/// <summary>
/// Serves the page and answers its questions. Nothing that is typed is written anywhere: a question is answered and forgotten. Requests from
/// pages of other sites are refused, by the names that they come with.
/// </summary>
public sealed class PlayServer : IAsyncDisposable
{
    private const string TokenName = "token";
    private const int LargestBody = 256 * 1024;
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly WebApplication _app;
    private readonly PlayStands _stands;
    private readonly PlayOptions _options;
    private readonly AnswerQueue _queue;
    private readonly Preparation _preparation;

    private PlayServer(WebApplication app, PlayStands stands, PlayOptions options)
    {
        (_app, _stands, _options) = (app, stands, options);
        _queue = new AnswerQueue(options.BeginThread);
        _preparation = new Preparation(stands.All, _queue, options.BeginThread);
    }

    /// <summary>Where the page is on this machine, without the token.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts to serve.</summary>
    /// <param name="stands">The benches; they become the server's.</param>
    /// <param name="options">Port, token, look.</param>
    /// <exception cref="IOException">The port cannot be opened.</exception>
    public static async Task<PlayServer> StartAsync(PlayStands stands, PlayOptions options)
    {
        // An empty builder: no configuration of this machine's, no log.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(options.Token.Length > 0 ? IPAddress.Any : IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        PlayServer server = new(app, stands, options);
        app.Use(server.Guard);
        app.UseRouting();
        server.Map();
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new IOException($"Port {options.Port} cannot be opened: {e.Message} Choose another port, or 0 for a free one.", e);
        }
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Address = new($"http://127.0.0.1:{new Uri(bound).Port}/");
        return server;
    }

    /// <summary>Lets a bench be prepared in the background.</summary>
    /// <param name="bench">mask, prompt or edit.</param>
    /// <param name="preset">How long its models are trained; "" for the longest training that is kept, or the shortest.</param>
    public void Prepare(string bench, string preset) => _preparation.Add(bench, preset);

    /// <summary>How the benches are.</summary>
    public IReadOnlyList<StandState> States() => _preparation.States();

    /// <summary>Ends: requests that are being answered get their answers, a preparation is stopped between two steps.</summary>
    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource patience = new(TimeSpan.FromSeconds(5)))
        {
            try
            {
                await _app.StopAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // A reader's browser holds a connection open; it is cut.
            }
        }
        await _app.DisposeAsync();
        await Task.Run(_preparation.Dispose);
        _queue.Dispose();
        _stands.Dispose();
    }

    private void Map()
    {
        Serve("/", "page.html", "text/html; charset=utf-8");
        Serve("/play.css", "play.css", "text/css; charset=utf-8");
        Serve("/play.js", "play.js", "text/javascript; charset=utf-8");
        Serve("/icon.svg", "icon.svg", "image/svg+xml");
        _app.MapGet("/house.css", context => Write(context, _options.Stylesheet, "text/css; charset=utf-8"));

        _app.MapGet("/api/state", Answering(() => Task.FromResult(_preparation.States())));
        Change("/api/prepare", (bench, preset) =>
        {
            if (!Presets.OnTwoCores.Contains(preset)) throw new InputException("preset", $"There is no preparation '{preset}'. Use {string.Join(", ", Presets.OnTwoCores)}.");
            _preparation.Add(bench, preset);
        });
        Change("/api/cancel", (bench, _) => _preparation.Cancel(bench));

        Ask<MaskQuestion, MaskAnswer>("/api/mask", question => _stands.Mask.Bench.Mask(question));
        Ask<GapQuestion, GapAnswer>("/api/mask/fill", question => _stands.Mask.Bench.Fill(question));
        Ask<NoQuestion, PromptChoices>("/api/prompt/choices", _ => _stands.Prompt.Bench.Choices());
        Ask<PromptQuestion, PromptRow>("/api/prompt/row", question => _stands.Prompt.Bench.Row(question.Set, question.Row));
        Ask<PromptQuestion, PromptAnswer>("/api/prompt", question => _stands.Prompt.Bench.Answer(question));
        Ask<NoQuestion, FactChoices>("/api/edit/choices", _ => _stands.Edit.Bench.Choices());
        Ask<EditQuestion, EditAnswer>("/api/edit", question => _stands.Edit.Bench.Answer(question));
    }

    /// <summary>A question that a bench answers when its turn comes.</summary>
    private void Ask<TQuestion, TAnswer>(string path, Func<TQuestion, TAnswer> answer) =>
        _app.MapPost(path, Answering<TQuestion, TAnswer>((question, gone) => _queue.Ask(() => answer(question), gone)));

    private void Change(string path, Action<string, string> change) => _app.MapPost(path, Answering<PrepareQuestion, IReadOnlyList<StandState>>((question, _) =>
    {
        change(question.Bench ?? "", question.Preset ?? "");
        return Task.FromResult(_preparation.States());
    }));

    // Only JSON: a form of another site's can send anything else without asking first.
    private static RequestDelegate Answering<TQuestion, TAnswer>(Func<TQuestion, CancellationToken, Task<TAnswer>> answer) => context => Answer(context, async () => await answer(
        (context.Request.HasJsonContentType() ? await context.Request.ReadFromJsonAsync<TQuestion>(Json, context.RequestAborted) : default) ?? throw new JsonException(),
        context.RequestAborted));

    private static RequestDelegate Answering<TAnswer>(Func<Task<TAnswer>> answer) => context => Answer(context, answer);

    /// <summary>Every answer, and everything that can go wrong on the way to it, in one sentence.</summary>
    private static async Task Answer<TAnswer>(HttpContext context, Func<Task<TAnswer>> answer)
    {
        try
        {
            await context.Response.WriteAsJsonAsync(await answer(), Json, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            (int status, var problem) = e switch
            {
                InputException input => (StatusCodes.Status400BadRequest, new Problem(input.Field, input.Message, input.Line, input.Column)),
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, new Problem("", "This is far more text than the bench reads. Shorten it.")),
                JsonException or BadHttpRequestException =>
                    (StatusCodes.Status400BadRequest, new Problem("", "The question is not in the form that this page sends. Reload the page.")),
                QueueFullException => (StatusCodes.Status503ServiceUnavailable, new Problem("", e.Message)),
                _ => (StatusCodes.Status500InternalServerError, new Problem("", $"A fault of this page, not of what was typed ({e.GetType().Name}: {e.Message}). Please report it.")),
            };
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(problem, Json, CancellationToken.None);
        }
    }

    private void Serve(string path, string asset, string type)
    {
        string text = Asset(asset);
        _app.MapGet(path, context => Write(context, text, type));
    }

    private static Task Write(HttpContext context, string text, string type)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }

    private static string Asset(string name)
    {
        using StreamReader reader = new(typeof(PlayServer).Assembly.GetManifestResourceStream("Play." + name)!);
        return reader.ReadToEnd();
    }

    /// <summary>What every request must come with, and what every answer goes out with.</summary>
    private async Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (Refusal(context) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await Write(context, refusal, "text/plain; charset=utf-8");
            return;
        }
        await next(context);
    }

    private string? Refusal(HttpContext context)
    {
        var request = context.Request;
        // A page of another site may lead a browser here under that site's name; its requests then carry that name.
        bool isKnown = request.Host.Host is "127.0.0.1" or "localhost" || (_options.Token.Length > 0 && IsThisMachine(request.Host.Host));
        if (!isKnown) return $"This page is at {Address}; it does not answer under the name '{request.Host}'.";
        if (request.Headers.Origin is [{ Length: > 0 } origin, ..] && origin != $"http://{request.Host}") return "This page answers its own questions only, none of another site's.";
        if (_options.Token.Length == 0) return null;
        if (Equal(request.Query[TokenName]) && HttpMethods.IsGet(request.Method))
        {
            context.Response.Cookies.Append(TokenName, _options.Token, new() { HttpOnly = true, SameSite = SameSiteMode.Strict });
            return null;
        }
        return Equal(request.Cookies[TokenName]) ? null : "This page asks for a token in its address. Open the whole address that was printed.";

        bool Equal(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(_options.Token));
    }

    private static bool IsThisMachine(string host) => IPAddress.TryParse(host, out _) || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase);

    private sealed record NoQuestion;

    private sealed record PrepareQuestion(string? Bench, string? Preset);

    private sealed record Problem(string Field, string Message, int Line = 0, int Column = 0);
}
