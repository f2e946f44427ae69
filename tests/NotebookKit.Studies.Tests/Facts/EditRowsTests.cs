using NotebookKit.Studies.Datasets;
using NotebookKit.Studies.Mend;
using NotebookKit.Training;

namespace NotebookKit.Tests.Facts;

public sealed class EditRowsTests
{
    private static string Locate(string dataset, string split)
    {
        string? folder = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "NOTEBOOKKIT_DATA names no folder, so there are no published rows to read.");
        var store = new DatasetStore(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), Path.Combine(Path.GetTempPath(), "notebookkit-no-cache"), folder!.Split(Path.PathSeparator));
        Assert.SkipUnless(store.Has(dataset, split), $"{dataset} is not there.");
        return store.Locate(dataset, split);
    }

    [Fact]
    public void Rows_of_zsRE_are_read_whole()
    {
        IReadOnlyList<EditRow> rows = EditRows.Zsre(Locate("facts/zsre", "zsre_mend_train-1k"));
        Assert.Equal(998, rows.Count); // two lack an answer
        Assert.Equal(new("What is the product made by UniFirst?", "unmanned aircraft"), rows[0].Edit);
        Assert.Equal(("uniform", "What will be the product of UniFirst?", "Walter Sobchak"), (rows[0].OldAnswer, rows[0].Rephrased, rows[0].Locality.Answer));
        Assert.DoesNotContain(rows, r => r.Locality.Text.Contains("nq question", StringComparison.OrdinalIgnoreCase));
        Check(EditingWorld.Of("zsRE", rows, localityIsNeighbour: false));
    }

    [Fact]
    public void Rows_of_CounterFact_are_read_whole()
    {
        IReadOnlyList<EditRow> rows = EditRows.CounterFact(Locate("facts/counterfact", "counterfact-edit-1k"));
        Assert.Equal(1000, rows.Count);
        Assert.All(rows, r => Assert.NotEqual(r.OldAnswer, r.Edit.Answer));
        Check(EditingWorld.Of("CounterFact", rows, localityIsNeighbour: true));
    }

    [Theory]
    [InlineData("{\"src\": \"Who?\"}", "alt")]
    [InlineData("not json", "no JSON")]
    [InlineData("{\"src\": \"Who?\", \"alt\": 7}", "alt")]
    public void A_line_that_is_no_row_is_named(string line, string complaint)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "rows.jsonl");
        File.WriteAllText(path, line + "\n");
        string message = Assert.Throws<InvalidDataException>(() => EditRows.Zsre(path)).Message;
        Assert.Contains(complaint, message);
        Assert.Contains("line 1", message);
    }

    private static void Check(EditingWorld world)
    {
        EditDraws draws = world.Edits(new Seed(1));
        HashSet<string> tested = [.. draws.Test(100, 2, new Seed(1)).Select(c => c.Edit.Text)];
        Assert.True(tested.Count > 50);
        Random random = new Seed(2).ToRandom();
        Assert.DoesNotContain(Enumerable.Range(0, 300).Select(_ => draws.Train(2, random)), c => tested.Contains(c.Edit.Text));
        Dictionary<string, string> known = world.Questions.ToDictionary(q => q.Text, q => q.Answer);
        Assert.All(draws.Test(50, 2, new Seed(1)), c => Assert.All(c.Unrelated.Concat(c.SameRelation), q => Assert.Equal(known[q.Text], q.Answer)));
    }
}
