using System.Text.Json.Nodes;
using CsCheck;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Experiments;

public class ResultFileTests
{
    private static ResultFile Sample(string preset = "cpu", int day = 1, string experiment = "pmi \"x\" – é") => new(
        experiment, preset, "cpu, 2 threads", new(2026, 3, day), "0123456789abcdef", "0.1.0+il.0", "API docs 10.0.12", "abc",
        new Dictionary<string, string> { ["pmi"] = """{"Rate":0.1,"Steps":300}""", ["token"] = """{"Rate":0.1,"Steps":300}""" },
        new([new("pmi", 1, 100, "loss", 1 / 3.0), new("token", 1, 100, "loss", double.NaN), new("pmi", 2, 100, "loss", -1e-300)]));

    private sealed record Settings(double Rate, int Steps);

    private static AblationResult Now(double rate = .1, string data = "abc", string name = "e") =>
        new Ablation<Settings>(name, [new("pmi", new(rate, 300)), new("token", new(.1, 300))], [1, 2], data).Execute(_ => [new(1, "loss", 1)], cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public void A_file_that_is_read_and_written_again_is_the_same_text()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "deep", "a.json");
        var sample = Sample();
        sample.Write(path);
        var read = ResultFile.Read(path);
        Assert.Equal(sample.Rows, read.Rows);
        Assert.Equal((sample.Experiment, sample.Date, sample.Commit, path), (read.Experiment, read.Date, read.Commit, read.Source));
        Assert.Equal(sample.Settings, read.Settings);
        Assert.Equal(File.ReadAllText(path), read.ToJson());
        Assert.DoesNotContain('\r', read.ToJson());
        Assert.Equal([path], Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Every_number_survives_exactly() =>
        Gen.Double.Sample(value =>
        {
            var read = ResultFile.Parse((Sample() with { Rows = new([new("pmi", 1, 1, "m", value)]) }).ToJson(), "f");
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value), BitConverter.DoubleToInt64Bits(read.Rows[0].Value));
        });

    public static TheoryData<string, string> Mistakes => new()
    {
        { "rows[1][4]", "\"rows\": [[\"pmi\", 1, 1, \"loss\", 1], [\"pmi\", 1, 2, \"loss\", \"1\"]]" },
        { "rows[0]'", "\"rows\": [[\"pmi\", 1, 1, \"loss\"]]" },
        { "rows[0][0]", "\"rows\": [[\"absent\", 1, 1, \"loss\", 1]]" },
        { "rows[0][1]", "\"rows\": [[\"pmi\", 1.5, 1, \"loss\", 1]]" },
        { "rows[0][2]", "\"rows\": [[\"pmi\", 1, -1, \"loss\", 1]]" },
        { "rows[0][3]", "\"rows\": [[\"pmi\", 1, 1, 7, 1]]" },
        { "2 times", "\"rows\": [[\"pmi\", 1, 1, \"loss\", 1], [\"pmi\", 1, 1, \"loss\", 2]]" },
        { "'rows' is empty", "\"rows\": []" },
        { "'rows'", "\"rows\": {}" },
        { "'date'", "\"date\": \"1.2.2026\"" },
        { "'preset'", "\"preset\": 3" },
        { "'format'", "\"format\": \"other\"" },
        { "'settings'", "\"settings\": []" },
        { "'extra' is unknown", "\"extra\": 1" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_reported_with_file_and_field(string field, string replacement)
    {
        var good = JsonNode.Parse(Sample().ToJson())!.AsObject();
        foreach (var (name, value) in JsonNode.Parse("{" + replacement + "}")!.AsObject()) good[name] = value?.DeepClone();
        var error = Assert.Throws<InvalidDataException>(() => ResultFile.Parse(good.ToJsonString(), "results/a.json"));
        Assert.StartsWith("results/a.json: ", error.Message);
        Assert.Contains(field, error.Message);
    }

    [Fact]
    public void Every_field_is_required()
    {
        foreach (var (name, _) in JsonNode.Parse(Sample().ToJson())!.AsObject())
        {
            var without = JsonNode.Parse(Sample().ToJson())!.AsObject();
            without.Remove(name);
            Assert.Contains($"'{name}' is missing", Assert.Throws<InvalidDataException>(() => ResultFile.Parse(without.ToJsonString(), "f")).Message);
        }
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_named_with_its_line()
    {
        var error = Assert.Throws<InvalidDataException>(() => ResultFile.Parse("{\n  \"format\": }", "f.json"));
        Assert.StartsWith("f.json(2): not JSON", error.Message);
    }

    [Fact]
    public void The_best_committed_run_is_of_the_longest_preset_and_of_those_the_latest()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, file) in new[] { ("a", Sample("cpu", 9, "e")), ("b", Sample("gpu", 1, "e")), ("c", Sample("gpu", 2, "e")), ("d", Sample("gpu", 3, "other")), ("e", Sample("smoke", 30, "e")) })
            file.Write(Path.Combine(folder.Path, $"{name}.json"));
        var results = CommittedResults.Read(folder.Path);
        Assert.Equal(5, results.Files.Count);
        Assert.Equal(Path.Combine(folder.Path, "c.json"), results.Best("e")!.Source);
        Assert.Null(results.Best("none"));
        Assert.Empty(CommittedResults.Read(Path.Combine(folder.Path, "absent")).Files);
    }

    [Fact]
    public void A_comparison_says_which_is_which_and_what_differs()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no committed run", CommittedResults.Read(folder.Path).Compare(Now()));
        Sample("gpu", 2, "e").Write(Path.Combine(folder.Path, "a.json"));
        var results = CommittedResults.Read(folder.Path);

        var same = results.Compare(Now());
        Assert.Contains("first the run just made (cpu", same);
        Assert.Contains("committed run: preset gpu, cpu, 2 threads, 2026-03-02, commit 0123456789", same);
        Assert.EndsWith("Settings and data are the same.", same);
        Assert.EndsWith("They differ in the data; Rate 0.2 → 0.1.", results.Compare(Now(rate: .2, data: "x")));
    }

    [Fact]
    public void A_finished_ablation_becomes_a_file()
    {
        var file = ResultFile.From(Now(), "smoke", "cpu, 2 threads", new(2026, 1, 2), "API docs 10.0.12", "c0ffee");
        var read = ResultFile.Parse(file.ToJson(), "f");
        Assert.Equal(KitVersion.Current, read.Kit);
        Assert.Equal("""{"Rate":0.1,"Steps":300}""", read.Settings["pmi"]);
        Assert.Equal(4, read.Rows.Count);
    }
}
