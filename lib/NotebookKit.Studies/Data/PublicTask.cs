using NotebookKit.Studies.Datasets;

namespace NotebookKit.Studies.Data;

/// <summary>A public classification task on English, of one text or of two.</summary>
/// <param name="Name">The short name that tables show.</param>
/// <param name="Dataset">The data set of the catalogue.</param>
/// <param name="First">The field of the text.</param>
/// <param name="Second">The field of the second text, or "" for a task of single texts.</param>
/// <param name="Label">The field of the label, which counts from 0.</param>
/// <param name="Test">The part that is scored; <c>train</c> is learnt from.</param>
public sealed record PublicTask(string Name, string Dataset, string First, string Second, string Label, string Test)
{
    /// <summary>What kind of answer a question asks for, of six (Li and Roth 2002).</summary>
    public static PublicTask Trec { get; } = new("TREC", "trec", "text", "", "coarse_label", "test");

    /// <summary>Is a sentence of a film review for or against (Socher et al. 2013)?</summary>
    public static PublicTask Sst2 { get; } = new("SST-2", "glue/sst2", "sentence", "", "label", "validation");

    /// <summary>Do two sentences of the news say the same (Dolan and Brockett 2005)?</summary>
    public static PublicTask Mrpc { get; } = new("MRPC", "glue/mrpc", "sentence1", "sentence2", "label", "test");

    /// <summary>Does the second sentence follow from the first (Dagan et al. 2005)?</summary>
    public static PublicTask Rte { get; } = new("RTE", "super_glue/rte", "premise", "hypothesis", "label", "validation");

    /// <summary>All of them, the easiest first.</summary>
    public static IReadOnlyList<PublicTask> All { get; } = [Trec, Sst2, Mrpc, Rte];

    /// <summary>Reads the tasks that are on this machine, and passes over the others.</summary>
    /// <param name="store">The data files on this machine.</param>
    public static IReadOnlyList<TaskRows> ReadPresent(DatasetStore store) =>
        [.. All.Where(task => store.Has(task.Dataset, "train") && store.Has(task.Dataset, task.Test)).Select(task => task.Read(store))];

    /// <summary>Reads the rows of both parts.</summary>
    /// <param name="store">The data files on this machine.</param>
    /// <exception cref="DatasetException">They are not here; the message names what brings them.</exception>
    /// <exception cref="InvalidDataException">A row lacks a field.</exception>
    public TaskRows Read(DatasetStore store) => new(this, Rows(store.Locate(Dataset, "train")), Rows(store.Locate(Dataset, Test)));

    private List<TaskRow> Rows(string path) => [.. JsonRows.Read(path, Name, row =>
    {
        string Text(string field) => field.Length == 0 ? "" : row.GetProperty(field).GetString()!;
        return new TaskRow(Text(First), Text(Second), row.GetProperty(Label).GetInt32());
    })];
}

/// <summary>An example of a task.</summary>
/// <param name="First">The text.</param>
/// <param name="Second">The second text, or "".</param>
/// <param name="Label">Its class, from 0.</param>
public sealed record TaskRow(string First, string Second, int Label);

/// <summary>The rows of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">The rows to learn from.</param>
/// <param name="Test">The rows to score.</param>
public sealed record TaskRows(PublicTask Task, IReadOnlyList<TaskRow> Train, IReadOnlyList<TaskRow> Test)
{
    /// <summary>The accuracy of always answering the most frequent class of the training part.</summary>
    public double Majority
    {
        get
        {
            int guess = Train.CountBy(r => r.Label).OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;
            return Test.Count(r => r.Label == guess) / (double)Test.Count;
        }
    }

    /// <summary>The accuracy of naive Bayes on the words of both texts, without their order.</summary>
    public double BagOfWords
    {
        get
        {
            static LabelledText Joined(TaskRow row) => new($"{row.First} {row.Second}", row.Label, "");
            return new WordBaseline([.. Train.Select(Joined)], Train.Max(r => r.Label) + 1).Accuracy([.. Test.Select(Joined)]);
        }
    }
}
