
namespace NotebookKit.Tests.Experiments;

public class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_whole_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", "the old and longer content");
        AtomicFile.Write(path, "new"u8);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Readers_never_see_a_half_written_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", new string('0', 100_000));
        var stop = false;
        var writers = Enumerable.Range(1, 2).Select(n => Task.Run(() =>
        {
            while (!Volatile.Read(ref stop)) AtomicFile.Write(path, System.Text.Encoding.ASCII.GetBytes(new string((char)('0' + n), 100_000)));
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var i = 0; i < 50; i++)
        {
            var text = File.ReadAllText(path);
            Assert.Equal(100_000, text.Length);
            Assert.Single(text.Distinct());
        }
        Volatile.Write(ref stop, true);
        await Task.WhenAll(writers);
    }

    [Fact]
    public void A_failure_leaves_the_old_file_and_no_other()
    {
        using var folder = new TemporaryFolder();
        var blocked = Path.Combine(folder.Path, "a");
        Directory.CreateDirectory(blocked);
        folder.Write("a/inside", "x");
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(blocked, "new"u8));
        Assert.Equal([blocked], Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
