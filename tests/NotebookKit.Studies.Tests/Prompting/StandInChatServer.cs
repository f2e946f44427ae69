using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace NotebookKit.Tests.Prompting;

/// <summary>A server on the loopback that speaks as much of the chat completions as one question needs: what it answers is the test's to say.</summary>
internal sealed class StandInChatServer : LoopbackServer
{
    private readonly Func<string, int, Reply> _answer;
    private readonly List<JsonElement> _requests = [];
    private readonly List<string> _heads = [];

    /// <param name="answer">The reply to a user's message, and to the n-th request for it (from 0).</param>
    public StandInChatServer(Func<string, int, Reply> answer) => _answer = answer;

    /// <summary>A reply: its status and body, and whether it never comes.</summary>
    public sealed record Reply(int Status, string Body, bool Never = false)
    {
        public static Reply Says(string text, string finish = "stop", string usage = """, "usage": { "prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9 }""") => Completion($"\"content\": {JsonSerializer.Serialize(text)}", finish, usage);

        public static Reply Declines(string reason) => Completion($"\"content\": null, \"refusal\": {JsonSerializer.Serialize(reason)}", "stop", "");

        public static Reply Fails(int status) => new(status, """{ "error": { "message": "not now", "type": "stand-in" } }""");

        private static Reply Completion(string message, string finish, string usage) => new(200, $$"""
            { "id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{ "index": 0, "finish_reason": "{{finish}}", "message": { "role": "assistant", {{message}} } }]{{usage}} }
            """);
    }

    public string Address => $"{Root}/v1";

    /// <summary>The bodies of all requests.</summary>
    public IReadOnlyList<JsonElement> Requests
    {
        get { lock (_requests) return [.. _requests]; }
    }

    /// <summary>The request lines and headers.</summary>
    public IReadOnlyList<string> Heads
    {
        get { lock (_requests) return [.. _heads]; }
    }

    protected override async Task AnswerAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var head = new StringBuilder();
        int length = 0;
        while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
        {
            head.AppendLine(line);
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line["Content-Length:".Length..]);
        }
        char[] body = new char[length]; // the tests ask in ASCII: a byte is a character
        await reader.ReadBlockAsync(body, stop);
        JsonElement request = JsonDocument.Parse(new string(body)).RootElement;
        string question = Question(request);
        int earlier;
        lock (_requests)
        {
            earlier = _requests.Count(r => Question(r) == question);
            _requests.Add(request);
            _heads.Add(head.ToString());
        }
        Reply reply = _answer(question, earlier);
        if (reply.Never) await Task.Delay(Timeout.Infinite, stop);
        byte[] bytes = Encoding.UTF8.GetBytes(reply.Body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {reply.Status} X\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), stop);
        await stream.WriteAsync(bytes, stop);
    }

    private static string Question(JsonElement request)
    {
        JsonElement content = request.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
    }
}
