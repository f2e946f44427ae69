using NotebookKit.Studies.Datasets;

namespace NotebookKit.Studies.Data;

/// <summary>Questions on passages of Wikipedia whose answer stands in the passage: the English ones of XQuAD (Artetxe et al. 2020), a part of SQuAD.</summary>
public sealed record PassageQuestions
{
    /// <summary>The short name that tables show.</summary>
    public const string Name = "XQuAD";

    private const string Dataset = "xquad/xquad.en", Part = "validation";

    /// <summary>Every fifth passage is held out with all its questions.</summary>
    private const int HeldOut = 5;

    /// <summary>The questions to learn from.</summary>
    public required IReadOnlyList<PassageQuestion> Train { get; init; }

    /// <summary>The questions to score, on other passages.</summary>
    public required IReadOnlyList<PassageQuestion> Test { get; init; }

    /// <summary>Reads the questions if they are on this machine; null if not.</summary>
    /// <param name="store">The data files on this machine.</param>
    /// <exception cref="InvalidDataException">A row lacks a field.</exception>
    public static PassageQuestions? ReadPresent(DatasetStore store) =>
        store.Has(Dataset, Part) ? Of(store.Locate(Dataset, Part)) : null;

    /// <summary>Reads a file of rows.</summary>
    /// <param name="path">One JSON object a line, with <c>question</c>, <c>context</c> and <c>answers</c>.</param>
    /// <exception cref="InvalidDataException">A row lacks a field, or its answer does not stand where it says.</exception>
    public static PassageQuestions Of(string path)
    {
        PassageQuestion[] all = [.. JsonRows.Read(path, Name, row =>
        {
            string Text(string field) => row.GetProperty(field).GetString()!;
            var answers = row.GetProperty("answers");
            string answer = answers.GetProperty("text")[0].GetString()!, passage = Text("context");
            // The published place counts code points, not UTF-16 units.
            int start = passage.EnumerateRunes().Take(answers.GetProperty("answer_start")[0].GetInt32()).Sum(rune => rune.Utf16SequenceLength);
            if (!passage.AsSpan(start).StartsWith(answer)) throw new KeyNotFoundException($"'{answer}' does not stand at answer_start");
            return new PassageQuestion(Text("question"), passage, start..(start + answer.Length));
        })];
        var held = all.Select(q => q.Passage).Distinct().Where((_, i) => i % HeldOut == HeldOut - 1).ToHashSet();
        return new() { Train = [.. all.Where(q => !held.Contains(q.Passage))], Test = [.. all.Where(q => held.Contains(q.Passage))] };
    }
}

/// <summary>A question.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Passage">The text.</param>
/// <param name="Answer">Where the answer stands in it.</param>
public sealed record PassageQuestion(string Question, string Passage, Range Answer);
