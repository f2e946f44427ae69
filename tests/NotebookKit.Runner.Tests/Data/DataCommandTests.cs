using System.Security.Cryptography;
using NotebookKit.Runner.Commands;

namespace NotebookKit.Tests.Data;

public sealed class DataCommandTests : IDisposable
{
    private static readonly byte[] Content = "a text\n"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly MisbehavingServer _good = new(Content, MisbehavingServer.Behaviour.Behave);
    private readonly MisbehavingServer _gone = new(Content, MisbehavingServer.Behaviour.Refuse404);

    public DataCommandTests()
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(Content));
        string Set(string name, MisbehavingServer server) =>
            $$"""{"dataset": "{{name}}", "group": "g", "role": "text", "licence": "none", "address": "{{server.Address[..^"file.txt".Length]}}", "files": [{"path": "t/{{name}}.txt", "source": "file.txt", "bytes": {{Content.Length}}, "sha256": "{{sha}}"}]}""";
        _folder.Write("list.json", $$"""{"format": "notebookkit-datasets 1", "files": [], "copies": [{{Set("good", _good)}}, {{Set("gone", _gone)}}]}""");
    }

    public void Dispose()
    {
        _good.Dispose();
        _gone.Dispose();
        _folder.Dispose();
    }

    private (int Code, string Output, string Error) Nbk(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var parsed = DataCommand.Create().Parse([.. args, "--catalogue", Path.Combine(_folder.Path, "list.json"), "--cache", Path.Combine(_folder.Path, "cache")]);
        var code = parsed.Invoke(new() { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public void What_cannot_be_had_is_told_and_the_rest_is_brought()
    {
        var (code, output, error) = Nbk("get", "gone", "good");
        Assert.Equal(1, code);
        Assert.Contains("404", error);
        Assert.Contains("1 of 2 files are here", output);
        Assert.Equal(Content, File.ReadAllBytes(Path.Combine(_folder.Path, "cache", "t", "good.txt")));
        Assert.Equal(0, Nbk("get", "good").Code);
    }

    [Fact]
    public void Verify_is_red_for_a_damaged_file_and_for_a_missing_one_that_was_named()
    {
        Nbk("get", "good");
        Assert.Equal((0, "1 sound, 0 damaged, 1 missing of 2 files.", ""), (Nbk("verify").Code, Nbk("verify").Output.Trim(), Nbk("verify").Error));
        Assert.Equal(1, Nbk("verify", "gone").Code);
        File.AppendAllText(Path.Combine(_folder.Path, "cache", "t", "good.txt"), "more");
        var (code, _, error) = Nbk("verify");
        Assert.Equal(1, code);
        Assert.Contains("nbk data get good", error);
    }

    [Fact]
    public void The_list_shows_what_is_here_and_a_name_tells_the_licence()
    {
        Nbk("get", "good");
        var lines = Nbk("list").Output.Split('\n');
        Assert.Contains(lines, l => l.Contains("good") && l.Contains("yes"));
        Assert.Contains(lines, l => l.Contains("gone") && l.Contains("no"));
        Assert.Contains("licence: none", Nbk("list", "good").Output);
    }

    [Fact]
    public void A_name_that_is_none_and_a_missing_name_are_errors()
    {
        var (code, _, error) = Nbk("get", "goo");
        Assert.Equal(2, code);
        Assert.Contains("did you mean good", error);
        Assert.NotEqual(0, Nbk("get").Code);
    }
}
