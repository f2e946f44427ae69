using System.Net.Sockets;
using System.Text;

namespace NotebookKit.Tests.Data;

/// <summary>A server on the loopback that does to each request what the test asks for, one behaviour a request, the last for all that follow.</summary>
public sealed class MisbehavingServer : LoopbackServer
{
    private readonly Queue<Behaviour> _behaviours;
    private readonly byte[] _content;
    private readonly List<long?> _ranges = [];

    public MisbehavingServer(byte[] content, params IEnumerable<Behaviour> behaviours) => (_content, _behaviours) = (content, new(behaviours));

    /// <summary>What is done to a request.</summary>
    public enum Behaviour
    {
        Behave,
        BehaveWithoutRanges,
        DropMidway,
        DropAtOnce,
        AnnounceTooMuch,
        SendTooMuchUnannounced,
        SendOtherBytes,
        WrongRange,
        Refuse404,
        Fail500,
        StallMidway,
        StallBeforeHeaders,
    }

    /// <summary>An address on this server that looks pinned.</summary>
    public string Address => $"{Root}/o/r/{new string('0', 40)}/file.txt";

    /// <summary>Where each request asked to begin; null for the whole file.</summary>
    public IReadOnlyList<long?> Ranges
    {
        get
        {
            lock (_ranges) return [.. _ranges];
        }
    }

    protected override async Task AnswerAsync(NetworkStream stream, CancellationToken stop)
    {
        var reader = new StreamReader(stream, Encoding.ASCII);
        long? range = null;
        while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)) range = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'));
        Behaviour behaviour;
        lock (_ranges)
        {
            _ranges.Add(range);
            behaviour = _behaviours.Count > 1 ? _behaviours.Dequeue() : _behaviours.Peek();
        }
        await AnswerAsync(stream, behaviour, range, stop);
    }

    private async Task AnswerAsync(NetworkStream stream, Behaviour behaviour, long? range, CancellationToken stop)
    {
        if (behaviour == Behaviour.BehaveWithoutRanges) range = null;
        var body = behaviour == Behaviour.SendOtherBytes ? [.. _content.Select(b => (byte)(b ^ 1))] : _content;
        var from = (int)(range ?? 0);
        var rest = body.AsMemory(from);
        switch (behaviour)
        {
            case Behaviour.DropAtOnce:
                return;
            case Behaviour.StallBeforeHeaders:
                await Task.Delay(Timeout.Infinite, stop);
                return;
            case Behaviour.Refuse404:
                await HeadAsync(stream, "404 Not Found", 0, stop);
                return;
            case Behaviour.Fail500:
                await HeadAsync(stream, "500 Internal Server Error", 0, stop);
                return;
            case Behaviour.WrongRange:
                await HeadAsync(stream, "206 Partial Content", body.Length, stop, $"Content-Range: bytes 0-{body.Length - 1}/{body.Length}\r\n");
                await stream.WriteAsync(body, stop);
                return;
            case Behaviour.AnnounceTooMuch:
                await HeadAsync(stream, "200 OK", body.Length + 7, stop);
                await stream.WriteAsync(body, stop);
                return;
            case Behaviour.SendTooMuchUnannounced:
                await HeadAsync(stream, "200 OK", null, stop);
                await stream.WriteAsync(body, stop);
                await stream.WriteAsync(new byte[100], stop);
                return;
        }
        await HeadAsync(stream, range is null ? "200 OK" : "206 Partial Content", rest.Length, stop, range is null ? "" : $"Content-Range: bytes {from}-{body.Length - 1}/{body.Length}\r\n");
        if (behaviour is Behaviour.DropMidway or Behaviour.StallMidway)
        {
            await stream.WriteAsync(rest[..(rest.Length / 2)], stop);
            await stream.FlushAsync(stop);
            if (behaviour == Behaviour.StallMidway) await Task.Delay(Timeout.Infinite, stop);
            return;
        }
        await stream.WriteAsync(rest, stop);
    }

    private static async Task HeadAsync(NetworkStream stream, string status, long? length, CancellationToken stop, string more = "") =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{(length is null ? "" : $"Content-Length: {length}\r\n")}{more}Connection: close\r\n\r\n"), stop);
}
