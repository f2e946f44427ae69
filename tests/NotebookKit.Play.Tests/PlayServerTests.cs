using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookKit.Play;

namespace NotebookKit.Tests.Play;

/// <summary>The server under the page: who may ask, and that everybody gets an answer.</summary>
public sealed partial class PlayServerTests(PlayServerTests.Served served) : IClassFixture<PlayServerTests.Served>
{
    /// <summary>One server for all tests.</summary>
    public sealed class Served : IAsyncLifetime
    {
        internal PlayServer Server { get; private set; } = null!;

        internal HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TinyStands.ServeAsync(new() { Stylesheet = "body { color: red; }" });
            Client = new() { BaseAddress = Server.Address };
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
    }

    private readonly HttpClient _client = served.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<JsonElement> Read(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Stop);

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("play.css", "text/css")]
    [InlineData("house.css", "text/css")]
    [InlineData("play.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    [InlineData("api/state", "application/json")]
    public async Task Every_file_comes_under_a_policy_and_asks_for_nothing_elsewhere(string path, string type)
    {
        using var response = await _client.GetAsync(path, Stop);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.DoesNotMatch(Elsewhere, text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.DoesNotContain("style=\"", text, StringComparison.Ordinal); // the policy forbids it
    }

    [Fact]
    public async Task Twenty_readers_at_once_all_get_their_own_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            string[] questions =
            [
                JsonSerializer.Serialize(new { text = TinyStands.Sentence, rate = 0.3, seed = i }),
                JsonSerializer.Serialize(new { set = "toy/news", row = i % 6, template = "{{ text }}|||x", choices = "a ||| b" }),
                JsonSerializer.Serialize(new { edits = new[] { new { relation = "colour", subject = $"thing {i}", answer = $"shade{(i + 1) % 5}", editor = "MEND", rate = 1e-3, strength = 1 } } }),
            ];
            string[] paths = ["api/mask", "api/prompt", "api/edit"];
            using var response = await _client.PostAsync(paths[i % 3], new StringContent(questions[i % 3], Encoding.UTF8, "application/json"), Stop);
            return (i, response.StatusCode, await Read(response));
        }));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.All(answers.Where(a => a.i % 3 == 1), a => Assert.Equal($"The news of day {a.i % 6}.", a.Item3.GetProperty("input").GetString()));
        Assert.All(answers.Where(a => a.i % 3 == 2), a => Assert.Equal($"What colour is thing {a.i}?", a.Item3.GetProperty("prompt").GetString()));
    }

    [Fact]
    public async Task What_was_typed_wrong_is_told_with_its_field_and_place()
    {
        using var response = await _client.PostAsJsonAsync("api/prompt", new { set = "toy/news", row = 0, template = "one\n{{ text", choices = "a ||| b" }, Stop);
        var problem = await Read(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(("template", 2), (problem.GetProperty("field").GetString(), problem.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("10.0.0.1")]
    public async Task Another_site_s_name_is_refused(string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/state") { Headers = { Host = host } };
        using var response = await _client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://127.0.0.1")]
    public async Task A_question_of_another_site_s_page_is_refused(string origin)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "api/mask") { Content = JsonContent.Create(new { text = "a word" }) };
        request.Headers.Add("Origin", origin);
        using var response = await _client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("not json", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("{\"text\":5}", "application/json")]
    [InlineData("{\"text\":\"a word\"}", "text/plain")]
    [InlineData("text=a", "application/x-www-form-urlencoded")]
    public async Task What_is_no_question_of_the_page_s_is_told_in_a_sentence(string body, string type)
    {
        using var response = await _client.PostAsync("api/mask", new StringContent(body, Encoding.UTF8, type), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.EndsWith(".", (await Read(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Far_too_much_text_is_refused_in_a_sentence()
    {
        using var response = await _client.PostAsJsonAsync("api/mask", new { text = new string('a', 1_000_000) }, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("Shorten", (await Read(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bench_that_is_not_ready_says_so_and_an_unknown_preset_is_refused()
    {
        await using var server = await PlayServer.StartAsync(TinyStands.All(), new());
        using HttpClient client = new() { BaseAddress = server.Address };
        using var early = await client.PostAsJsonAsync("api/mask", new { text = "a word" }, Stop);
        Assert.Contains("not ready", (await Read(early)).GetProperty("message").GetString(), StringComparison.Ordinal);
        using var unknown = await client.PostAsJsonAsync("api/prepare", new { bench = "mask", preset = "gpu" }, Stop);
        Assert.Equal("preset", (await Read(unknown)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task With_a_token_only_those_who_know_it_are_answered()
    {
        await using var server = await PlayServer.StartAsync(TinyStands.All(), new() { Token = "a-long-word" });
        using HttpClient stranger = new() { BaseAddress = server.Address }, guest = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("?token=another", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.PostAsJsonAsync("api/cancel?token=a-long-word", new { bench = "mask" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync("?token=a-long-word", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync("api/state", Stop)).StatusCode); // by the cookie that came with the page
        using HttpRequestMessage renamed = new(HttpMethod.Get, "?token=a-long-word") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.SendAsync(renamed, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var told = await Assert.ThrowsAsync<IOException>(() => PlayServer.StartAsync(TinyStands.All(), new() { Port = port }));
        Assert.Contains($"Port {port}", told.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("https?://(?!127\\.0\\.0\\.1)[a-z]|url\\(|@import")]
    private static partial Regex Elsewhere { get; }
}
