using NotebookKit.Studies.Experiments;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Experiments;

public sealed class ClaimTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Contrast Pairs(string name, params double[] differences) =>
        new(name, "base", "accuracy", differences.Select((d, i) => (d, i)).ToDictionary(p => p.i, p => p.d));

    private static readonly Contrast Up = Pairs("up", 0.1, 0.11, 0.12), Down = Pairs("down", -0.1, -0.11, -0.12), Wide = Pairs("wide", 0.4, -0.1, 0.2);

    private static readonly Claim Better = new("It is better", "Table 2");

    [Fact]
    public void A_claim_is_shown_by_intervals_and_not_by_estimates()
    {
        Assert.Equal(Verdict.Shown, Better.Tested("gain", "cpu", Finding.Above, Up).Verdict);
        // The mean is well above 0, but the interval holds 0.
        Assert.Equal(Verdict.NotSeen, Better.Tested("gain", "cpu", Finding.Above, Wide).Verdict);
        Assert.Equal(Verdict.NotSeen, Better.Tested("gain", "cpu", Finding.Above, Down).Verdict);
        Assert.Equal(Verdict.Shown, Better.Tested("gain", "cpu", Finding.Below, Down).Verdict);
        var part = Better.Tested("gain", "cpu", Finding.Above, Up, Wide);
        Assert.Equal(Verdict.InPart, part.Verdict);
        Assert.Equal("1 of 2 as claimed: up − base is above 0; wide − base has an interval that holds 0", part.Why);
        Assert.Equal(Verdict.NotTested, Better.Verdict);
    }

    [Fact]
    public void What_cannot_be_tested_says_what_it_would_take()
    {
        // BERT-base on a million steps of 256 sequences of 512 tokens: 6 · 1.1e8 · 1.31072e11 = 8.65e19 operations; at 1e11 a second 240,299 hours.
        var cost = new TrainingCost(110e6, 1e6 * 256 * 512, 1e11);
        Assert.Equal(8.650752e19, cost.Operations, 1e9);
        Assert.Equal(240298.67, cost.Hours, 0.01);
        Assert.Equal("the corpora are not here; it would take 1 training of 110 M weights on 130 B tokens: 8.7e19 operations, 240,000 hours at 100 B operations a second", Better.NotTested("the corpora are not here", cost).Why);
        Assert.Equal(1e11, TrainingCost.Throughput(1e6, 1e6, 60), 1);
    }

    [Fact]
    public void A_table_survives_its_file_and_the_file_survives_the_table()
    {
        ClaimTable table = new(
        [
            Better.Tested("gain", "cpu", Finding.Above, Up, Wide),
            new Claim("An exact “rule”", "Eq. 3").Judged("check", "", "largest difference", 0, null, 0, Verdict.Shown, "to the bit"),
            new Claim("Half the time", "abstract").Judged("steps", "long", "step", 300, new(150, double.PositiveInfinity), 5, Verdict.NotSeen, "one draw in four never gets there"),
            Better.NotTested("no such model"),
        ]);
        var path = ClaimTable.PathOf(folder.File("results"), "01-pmi-masking");
        Assert.EndsWith("claims-01.json", path);
        table.Write(path);
        var read = ClaimTable.Read(path);
        Assert.Equal(File.ReadAllText(path), read.ToJson());
        Assert.Equal(table.ToFrame().ToString(), read.ToFrame().ToString());
        Assert.Equal("4 claims of the paper: 1 shown, 1 in part, 1 not seen, 1 not tested", read.Summary);
        Assert.Equal(6, read.ToFrame().Columns.Count);
        Assert.Equal("0.110 (0.085 to 0.135, n = 3, cpu)", read.ToFrame()["estimate"][0]);
        Assert.Equal("300.000 (150.000 to never, n = 5, long)", read.ToFrame()["estimate"][2]);
        // Result files beside it are read without it.
        Assert.Empty(CommittedResults.Read(folder.File("results")).Files);
    }

    [Theory]
    [InlineData("\"not seen\"", "\"unseen\"", "the verdict 'unseen'")]
    [InlineData("notebookkit-claims 1", "notebookkit-claims 9", "expected 'notebookkit-claims 1'")]
    [InlineData("\"why\"", "\"wy\"", "wy")]
    [InlineData("{", "", "no table of claims")]
    public void A_wrong_file_is_answered_with_its_name_and_the_cure(string before, string after, string told)
    {
        var path = folder.File("claims-02.json");
        File.WriteAllText(path, new ClaimTable([Better.Tested("gain", "cpu", Finding.Above, Wide)]).ToJson().Replace(before, after, StringComparison.Ordinal));
        var message = Assert.Throws<InvalidDataException>(() => ClaimTable.Read(path)).Message;
        Assert.Contains(path, message);
        Assert.Contains(told, message);
        Assert.Contains("write it again", message);
    }

    [Fact]
    public void The_best_committed_run_is_of_the_longest_preset_and_a_run_knows_which_it_is()
    {
        AblationResult Result(double value) => new("study", "cpu", "d", "k", new Dictionary<string, string> { ["one"] = "{}" }, [new("one", 1, [new(1, "m", value)], false, "", default)], "");
        var results = folder.File("results");
        foreach (var (preset, value) in new[] { ("cpu", 1.0), ("long", 2.0), ("smoke", 3.0) })
            ResultFile.From(Result(value), preset, "cpu, 2 threads", new(2026, 1, 31), "text", "abc").Save(results);
        var committed = CommittedResults.Read(results);
        Assert.Equal("long", committed.Best("study")!.Preset);

        var shorter = committed.Beside(Result(1), "cpu");
        Assert.Equal(("long", false), (shorter.Best.Preset, shorter.AreOne));
        Assert.Equal(["the run just made (preset cpu)", "committed run: preset long, cpu, 2 threads, 2026-01-31, commit abc, kit k, text"], shorter.Shown.Select(s => s.Title));

        var same = committed.Beside(Result(2), "long");
        Assert.True(same.AreOne);
        Assert.Single(same.Shown);
        Assert.StartsWith("study: the run just made is the committed run: preset long", same.ToString());

        var longer = committed.Beside(Result(5), "gpu");
        Assert.Equal(("gpu", 5.0), (longer.Best.Preset, longer.Best.Rows[0].Value));
        Assert.Contains("no committed run", CommittedResults.Read(folder.File("none")).Beside(Result(1), "cpu").ToString());
    }

    [Fact]
    public void A_device_is_told_in_words()
    {
        TorchRuntime runtime = new("2.10", "", ["cpu"], 2);
        Assert.Equal("cpu, 2 threads", DeviceName.Of(torch.CPU, runtime));
        folder.Write("gpus/0/information", "Model: \t\t NVIDIA H200\nIRQ:   \t\t 1\n");
        Assert.Equal(["NVIDIA H200"], DeviceName.Gpus(folder.File("gpus")));
        Assert.Empty(DeviceName.Gpus(folder.File("none")));
    }

    [Fact]
    public void Every_preset_has_its_settings_in_every_study_and_no_other_has()
    {
        foreach (var preset in Presets.All)
        {
            Assert.NotEmpty(NotebookKit.Studies.Pmi.MaskingExperiments.HalfTheTime(preset, "data").Seeds);
            Assert.NotEmpty(NotebookKit.Studies.Prompting.T0Experiments.Prompts(preset, "data").Seeds);
            Assert.NotEmpty(NotebookKit.Studies.Mend.MendStudy.Of(preset).Seeds);
        }
        Assert.Contains("Use smoke, cpu, long or gpu.", Assert.Throws<ArgumentException>(() => NotebookKit.Studies.Pmi.MaskingExperiments.Of("big")).Message);
    }
}
