using System.Security.Cryptography;
using NotebookKit.Studies.Datasets;
using static NotebookKit.Tests.Data.MisbehavingServer;

namespace NotebookKit.Tests.Data;

public sealed class DatasetDownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 3))];

    private static readonly DownloadPatience Impatient = new(4, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1));

    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "sub", "file.txt");

    public void Dispose() => _folder.Dispose();

    private static DatasetSource Pinned(string address) => new(address, Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));

    private Task FetchAsync(MisbehavingServer server, DatasetDownload? download = null, IProgress<ProgressReport>? progress = null, CancellationToken? cancellation = null) =>
        (download ?? new DatasetDownload(Impatient)).FetchAsync(Pinned(server.Address), Target, progress, cancellation ?? TestContext.Current.CancellationToken);

    private void AssertWhole()
    {
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.False(File.Exists(Target + ".part"));
    }

    [Theory]
    [InlineData(Behaviour.Behave)]
    [InlineData(Behaviour.DropAtOnce)]
    [InlineData(Behaviour.Fail500)]
    [InlineData(Behaviour.AnnounceTooMuch)]
    [InlineData(Behaviour.SendTooMuchUnannounced)]
    [InlineData(Behaviour.SendOtherBytes)]
    [InlineData(Behaviour.DropMidway)]
    [InlineData(Behaviour.StallMidway)]
    [InlineData(Behaviour.StallBeforeHeaders)]
    public async Task A_passing_fault_is_overcome(Behaviour fault)
    {
        using var server = new MisbehavingServer(Content, fault, Behaviour.Behave);
        // Only a stall is met with a short wait: on a busy machine any answer may take its time.
        using var download = new DatasetDownload(Impatient with { Stall = TimeSpan.FromSeconds(fault is Behaviour.StallMidway or Behaviour.StallBeforeHeaders ? 1 : 30) });
        await FetchAsync(server, download);
        AssertWhole();
    }

    [Fact]
    public async Task What_has_arrived_is_not_asked_for_again()
    {
        using var server = new MisbehavingServer(Content, Behaviour.DropMidway, Behaviour.DropMidway, Behaviour.Behave);
        await FetchAsync(server);
        AssertWhole();
        Assert.Equal([null, 150_000, 225_000], server.Ranges);
    }

    [Theory]
    [InlineData(Behaviour.BehaveWithoutRanges)]
    [InlineData(Behaviour.WrongRange)]
    public async Task A_server_without_ranges_is_asked_for_the_whole(Behaviour second)
    {
        using var server = new MisbehavingServer(Content, Behaviour.DropMidway, second, Behaviour.Behave);
        await FetchAsync(server);
        AssertWhole();
    }

    [Theory]
    [InlineData(Behaviour.DropMidway, "the connection broke")]
    [InlineData(Behaviour.DropAtOnce, "attempts")]
    [InlineData(Behaviour.Fail500, "500 Internal Server Error")]
    [InlineData(Behaviour.AnnounceTooMuch, "announced 300,007 bytes, the catalogue has 300,000")]
    [InlineData(Behaviour.SendTooMuchUnannounced, "more than the catalogue's 300,000")]
    [InlineData(Behaviour.SendOtherBytes, "other bytes than the catalogue's")]
    [InlineData(Behaviour.StallMidway, "nothing arrived for 0.2 seconds")]
    public async Task A_lasting_fault_is_named_and_leaves_no_file(Behaviour fault, string expected)
    {
        using var server = new MisbehavingServer(Content, fault);
        using var download = new DatasetDownload(Impatient with { Attempts = 2, Stall = TimeSpan.FromSeconds(fault == Behaviour.StallMidway ? .2 : 30) });
        var error = await Assert.ThrowsAsync<DatasetException>(() => FetchAsync(server, download));
        Assert.StartsWith(server.Address, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.Contains("(2 attempts)", error.Message);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_missing_file_is_not_asked_for_twice()
    {
        using var server = new MisbehavingServer(Content, Behaviour.Refuse404);
        var error = await Assert.ThrowsAsync<DatasetException>(() => FetchAsync(server));
        Assert.Contains("404 Not Found", error.Message);
        Assert.Single(server.Ranges);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task No_network_is_said_plainly()
    {
        string address;
        using (var server = new MisbehavingServer(Content, Behaviour.Behave)) address = server.Address;
        using var download = new DatasetDownload(Impatient);
        var error = await Assert.ThrowsAsync<DatasetException>(() => download.FetchAsync(Pinned(address), Target, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("the server cannot be reached", error.Message);
        Assert.Contains("NOTEBOOKKIT_DATA", error.Message);
        Assert.True(error.Unreachable);
    }

    [Fact]
    public async Task A_stopped_download_goes_on_where_it_ended()
    {
        using var server = new MisbehavingServer(Content, Behaviour.StallMidway, Behaviour.Behave);
        using var stop = new CancellationTokenSource();
        var arrived = new Progress(report => { if (report.Done == 150_000) stop.Cancel(); });
        using (var patient = new DatasetDownload(Impatient with { Stall = TimeSpan.FromMinutes(1) }))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FetchAsync(server, patient, arrived, stop.Token));
        Assert.Equal(150_000, new FileInfo(Target + ".part").Length);
        Assert.False(File.Exists(Target));
        await FetchAsync(server);
        AssertWhole();
        Assert.Equal([null, 150_000], server.Ranges);
    }

    [Fact]
    public async Task A_part_of_another_file_is_found_out()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        using var server = new MisbehavingServer(Content, Behaviour.Behave);
        // As a killed download of other bytes, of the same length or of a greater one would leave it.
        foreach (var length in new[] { 1000, Content.Length, Content.Length + 1 })
        {
            File.WriteAllBytes(Target + ".part", new byte[length]);
            await FetchAsync(server);
            AssertWhole();
        }
    }

    [Fact]
    public async Task A_full_disk_is_named_and_nothing_is_left_of_the_download()
    {
        using var server = new MisbehavingServer(Content, Behaviour.Behave);
        using var download = new DatasetDownload(Impatient, (path, mode) => new FullDisk(new FileStream(path, mode), 100_000));
        var error = await Assert.ThrowsAsync<DatasetException>(() => FetchAsync(server, download));
        Assert.Contains("the disk is full; 300,000 bytes are needed in", error.Message);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task Two_downloads_do_not_write_into_one_file()
    {
        using var server = new MisbehavingServer(Content, Behaviour.Behave);
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        using (new FileStream(Target + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<DatasetException>(() => FetchAsync(server));
            Assert.Contains("another download", error.Message);
        }
        await FetchAsync(server);
        AssertWhole();
    }

    private sealed class Progress(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }

    /// <summary>A file on a disk with room for so many bytes.</summary>
    private sealed class FullDisk(FileStream file, int room) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (file.Length + count > room) throw new IOException("No space left on device", 28);
            file.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing) => file.Dispose();
    }
}
