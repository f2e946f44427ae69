using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;

namespace NotebookKit.Tests.Data;

public class PublicTaskTests
{
    [Theory]
    [InlineData("TREC", 5_452, 500, 0.188)]
    [InlineData("SST-2", 6_920, 872, 0.509)]
    [InlineData("MRPC", 4_076, 1_725, 0.665)]
    [InlineData("RTE", 2_490, 277, 0.527)]
    public void The_rows_are_the_published_ones_and_words_alone_beat_the_majority_where_they_can(string name, int train, int test, double majority)
    {
        string? folder = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "NOTEBOOKKIT_DATA names no folder, so there are no public tasks to read.");
        using var cache = new TemporaryFolder();
        DatasetStore store = new(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), cache.Path, folder!);
        TaskRows? rows = PublicTask.ReadPresent(store).FirstOrDefault(t => t.Task.Name == name);
        Assert.SkipWhen(rows is null, $"{name} is not in {folder}.");

        Assert.Equal((train, test), (rows!.Train.Count, rows.Test.Count));
        Assert.Equal(majority, rows.Majority, 0.02);
        if (name is "TREC" or "SST-2") Assert.True(rows.BagOfWords > rows.Majority + 0.1);
        Assert.All(rows.Train.Concat(rows.Test), row => Assert.Equal(rows.Task.Second.Length == 0, row.Second.Length == 0));
    }

    [Fact]
    public void Where_nothing_is_there_are_no_tasks()
    {
        using var cache = new TemporaryFolder();
        Assert.Empty(PublicTask.ReadPresent(new(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), cache.Path)));
    }
}
