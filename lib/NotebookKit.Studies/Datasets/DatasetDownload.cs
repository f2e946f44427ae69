using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Studies.Datasets;

/// <summary>How patient a download is.</summary>
/// <param name="Attempts">How often it is begun before it fails; each goes on where the last one ended.</param>
/// <param name="Connect">How long a server may take to be reached; two attempts decide that it cannot be.</param>
/// <param name="Stall">How long nothing may arrive.</param>
/// <param name="Pause">The wait before the second attempt, which grows with each.</param>
public sealed record DownloadPatience(int Attempts, TimeSpan Connect, TimeSpan Stall, TimeSpan Pause)
{
    /// <summary>Five attempts, ten seconds to connect, half a minute without a byte, pauses from one second.</summary>
    public static DownloadPatience Default { get; } = new(5, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
}

/// <summary>
/// Downloads a pinned file. What has arrived lies beside the target under the name <c>….part</c> and is continued after an
/// interruption; the target appears only when length and SHA-256 are right, by a rename.
/// </summary>
public sealed class DatasetDownload : IDisposable
{
    private readonly HttpClient _client;
    private readonly DownloadPatience _patience;
    private readonly Func<string, FileMode, Stream> _open;

    /// <summary>Prepares downloads.</summary>
    /// <param name="patience">How patient they are; <see cref="DownloadPatience.Default"/> when null.</param>
    public DatasetDownload(DownloadPatience? patience = null)
        : this(patience ?? DownloadPatience.Default, (path, mode) => new FileStream(path, mode, FileAccess.Write, FileShare.None))
    {
    }

    /// <summary>Prepares downloads that write through <paramref name="open"/>, so that a test can fill the disk.</summary>
    internal DatasetDownload(DownloadPatience patience, Func<string, FileMode, Stream> open)
    {
        (_patience, _open) = (patience, open);
        // Every wait is bounded by the patience; a bound on the whole would forbid slow lines.
        _client = new(new SocketsHttpHandler { ConnectTimeout = patience.Connect, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("NotebookKit", KitVersion.Number));
    }

    /// <summary>Downloads a file.</summary>
    /// <param name="source">Its address, length and checksum.</param>
    /// <param name="path">Where it shall lie; the folder is made if need be.</param>
    /// <param name="progress">Is told the bytes that have arrived.</param>
    /// <param name="cancellation">Stops it; what has arrived is kept for the next time.</param>
    /// <exception cref="DatasetException">It cannot be had; nothing lies at <paramref name="path"/>.</exception>
    public async Task FetchAsync(DatasetSource source, string path, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string part = path + ".part";
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await ContinueAsync(source, part, progress, cancellation);
                await VerifyAsync(source, part, cancellation);
                File.Move(part, path, overwrite: true);
                return;
            }
            catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError && attempt >= Math.Min(2, _patience.Attempts))
            {
                throw new DatasetException($"{source.Url}: the server cannot be reached: {error.Message} Is there a network? A folder that already has the data can be named by NOTEBOOKKIT_DATA.", error) { Unreachable = true };
            }
            catch (Exception error) when (error is PassingFaultException or HttpRequestException && attempt >= _patience.Attempts)
            {
                throw new DatasetException($"{source.Url}: {error.Message} ({attempt} attempts).", error);
            }
            catch (Exception error) when (error is PassingFaultException or HttpRequestException)
            {
                await Task.Delay(_patience.Pause * attempt, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Brings the part file to its full length.</summary>
    private async Task ContinueAsync(DatasetSource source, string part, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (have == source.Bytes) return;
        if (have > source.Bytes) have = 0;

        using var request = new HttpRequestMessage(HttpMethod.Get, source.Url);
        if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
        using var response = await PatientlyAsync(c => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, c), cancellation);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                have = 0;
                break;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: { } from } range && from == have && (range.Length ?? source.Bytes) == source.Bytes:
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                File.Delete(part);
                throw new PassingFaultException("the server sent another range than the one that was asked for");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new PassingFaultException($"the server answered {(int)response.StatusCode} {response.ReasonPhrase}");
            default:
                throw new DatasetException($"{source.Url}: the server answered {(int)response.StatusCode} {response.ReasonPhrase}. The address is pinned to a commit, so the repository may be gone; a folder that has the file can be named by NOTEBOOKKIT_DATA.");
        }
        if (response.Content.Headers.ContentLength is { } announced && have + announced != source.Bytes)
            throw new PassingFaultException($"the server announced {have + announced:N0} bytes, the catalogue has {source.Bytes:N0}");
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await AppendAsync(source, part, have, body, progress, cancellation);
    }

    private async Task AppendAsync(DatasetSource source, string part, long have, Stream body, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        string stage = $"downloading {Path.GetFileName(new Uri(source.Url).AbsolutePath)}";
        byte[] buffer = new byte[1 << 16];
        var file = Writing(part, source, () => _open(part, have > 0 ? FileMode.Append : FileMode.Create));
        try
        {
            while (true)
            {
                progress?.Report(new(stage, have, source.Bytes));
                int count = await PatientlyAsync(c => body.ReadAsync(buffer, c).AsTask(), cancellation);
                if (count == 0) break;
                have += count;
                if (have > source.Bytes) break;
                Writing(part, source, () => file.Write(buffer, 0, count));
            }
            Writing(part, source, () => (file as FileStream)?.Flush(flushToDisk: true));
        }
        finally
        {
            // A full disk shows when the rest is written, too.
            Writing(part, source, file.Dispose);
        }
        if (have > source.Bytes)
        {
            File.Delete(part);
            throw new PassingFaultException($"the server sent more than the catalogue's {source.Bytes:N0} bytes");
        }
        if (have < source.Bytes) throw new PassingFaultException($"the connection ended after {have:N0} of {source.Bytes:N0} bytes");
    }

    private static async Task VerifyAsync(DatasetSource source, string part, CancellationToken cancellation)
    {
        string found;
        await using (var file = File.OpenRead(part)) found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        if (found == source.Sha256) return;
        File.Delete(part);
        throw new PassingFaultException($"other bytes than the catalogue's arrived: SHA-256 {found}, expected {source.Sha256}");
    }

    /// <summary>Awaits an operation of the network, as long as the patience lasts.</summary>
    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(_patience.Stall);
        try
        {
            return await operation(stall.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingFaultException($"nothing arrived for {_patience.Stall.TotalSeconds:0.#} seconds");
        }
        catch (IOException error)
        {
            throw new PassingFaultException($"the connection broke: {error.Message}");
        }
    }

    private static void Writing(string part, DatasetSource source, Action write) => Writing(part, source, () =>
    {
        write();
        return true;
    });

    /// <summary>Writes to the disk, and says plainly when that fails.</summary>
    private static T Writing<T>(string part, DatasetSource source, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            bool full = IsDiskFull(error);
            // What is there takes the room that the reader needs now.
            if (full) File.Delete(part);
            throw new DatasetException(
                full ? $"{source.Url}: the disk is full; {source.Bytes:N0} bytes are needed in {Path.GetDirectoryName(part)}. Free some room and run the command again."
                : $"{source.Url}: {part} cannot be written: {error.Message} Is another download at work on it?",
                error);
        }
    }

    /// <summary>ENOSPC on Linux and macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(Exception error) => error is IOException && (error.HResult & 0xFFFF) is 28 or 0x70 or 0x27;

    /// <summary>A fault after which another attempt may succeed.</summary>
    private sealed class PassingFaultException(string message) : Exception(message);
}
