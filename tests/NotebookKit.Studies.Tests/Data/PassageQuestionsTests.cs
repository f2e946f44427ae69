using NotebookKit.Studies.Data;
using NotebookKit.Studies.Datasets;

namespace NotebookKit.Tests.Data;

public class PassageQuestionsTests
{
    private static string Row(string passage, string answer, int start) =>
        $$"""{"question": "Which?", "context": "{{passage}}", "answers": {"text": ["{{answer}}"], "answer_start": [{{start}}]} }""";

    private static PassageQuestions Read(params string[] rows)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "rows.jsonl");
        File.WriteAllLines(path, rows);
        return PassageQuestions.Of(path);
    }

    [Fact]
    public void A_passage_is_held_out_with_all_its_questions()
    {
        var read = Read([.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Repeat(Row($"p{i} here", $"p{i}", 0), 2))]);

        Assert.Equal(["p4 here", "p4 here", "p9 here", "p9 here"], read.Test.Select(q => q.Passage));
        Assert.Equal(16, read.Train.Count);
    }

    [Fact]
    public void Places_count_code_points()
    {
        var question = Read(Row("𝑥² is a square", "square", 8)).Train[0];

        Assert.Equal("square", question.Passage[question.Answer]);
    }

    [Theory]
    [InlineData("here", "there", 0)]
    [InlineData("here", "here", 99)]
    public void An_answer_that_is_not_there_is_named_with_its_line(string passage, string answer, int start) =>
        Assert.Contains("rows.jsonl(2): not a row of XQuAD", Assert.Throws<InvalidDataException>(() => Read(Row("here", "here", 0), Row(passage, answer, start))).Message);

    [Fact]
    public void The_published_rows_are_read_whole()
    {
        string? folder = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "NOTEBOOKKIT_DATA names no folder, so there are no questions to read.");
        using var cache = new TemporaryFolder();
        var read = PassageQuestions.ReadPresent(new(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), cache.Path, folder!));
        Assert.SkipWhen(read is null, $"XQuAD is not in {folder}.");

        Assert.Equal(594, read!.Train.Count + read.Test.Count);
        Assert.Empty(read.Train.Select(q => q.Passage).Intersect(read.Test.Select(q => q.Passage)));
    }

    [Fact]
    public void Where_the_rows_are_not_there_is_nothing()
    {
        using var cache = new TemporaryFolder();
        Assert.Null(PassageQuestions.ReadPresent(new(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), cache.Path)));
    }
}
