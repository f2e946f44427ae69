using System.CommandLine;
using System.Globalization;
using NotebookKit.Corpus;
using NotebookKit.Pmi;
using Spectre.Console;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary><c>nbk pmi stats</c>: what is in a vocabulary, and how much of a corpus it covers.</summary>
internal static class PmiStatsCommand
{
    public static Command Create()
    {
        Command command = new("stats", "Show a vocabulary: entries, counts and scores by length, the top and bottom of each length, and with --input how much of a corpus it covers.");
        Argument<string> list = new("vocabulary") { Description = "A vocabulary of 'nbk pmi vocab': .txt, .tsv or .parquet." };
        Option<string?> page = new("--page") { Description = "Write the tables and plots as one HTML page." };
        var rows = new Option<int>("--top") { Description = "How many entries to show from the top and the bottom of each length.", DefaultValueFactory = _ => 10 }.AtLeast(0);
        PmiCorpusOptions corpus = new(inputRequired: false);
        command.Add(list);
        command.Add(page);
        command.Add(rows);
        corpus.AddTo(command);
        command.SetAction((parsed, cancellation) => PmiRun.Guarded(() =>
        {
            using PmiProgress progress = new();
            var vocabulary = CorpusRanking.Read(parsed.GetValue(list)!);
            var coverage = corpus.HasInput(parsed)
                ? CorpusCoverage.Of(corpus.Files(parsed), vocabulary, corpus.Counting(parsed, 1), corpus.Engine(parsed), progress, cancellation)
                : null;
            progress.Finish();
            VocabularyReport report = new(Path.GetFileName(parsed.GetValue(list)!), vocabulary, coverage, parsed.GetValue(rows));
            Print(report);
            if (parsed.GetValue(page) is { } path)
            {
                PmiStatsPage.Write(path, report);
                Console.WriteLine($"page written to {path}");
            }
        }));
        return command;
    }

    private static void Print(VocabularyReport report)
    {
        foreach ((string title, string[] columns, var rows) in report.Tables())
        {
            var table = new Table().Title(Markup.Escape(title)).AddColumns([.. columns.Select(Markup.Escape)]);
            foreach (string[] row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
            AnsiConsole.Write(table);
        }
    }
}

/// <summary>The tables and curves of a vocabulary.</summary>
internal sealed class VocabularyReport(string name, MaskingVocabulary vocabulary, CorpusCoverage? coverage, int shown)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public string Name => name;

    public MaskingVocabulary Vocabulary => vocabulary;

    public IEnumerable<IGrouping<int, MaskingEntry>> Lengths => vocabulary.Entries.GroupBy(entry => entry.Length).OrderBy(length => length.Key);

    /// <summary>The share of words inside entries, in per cent, against the number of entries: 1, 2, 5, 10, … up to all.</summary>
    public (double X, double Y)[] CoverageCurve() => coverage == null ? []
        : [.. Sizes().Select(size => ((double)size, 100 * coverage.Share(size)))];

    public IEnumerable<(string Title, string[] Columns, IEnumerable<string[]> Rows)> Tables()
    {
        yield return ($"{name}: {vocabulary.Count.ToString("N0", Invariant)} entries", ["n", "entries", "share", "least count", "median count", "most", "best score", "worst score"], Lengths.Select(length =>
        {
            long[] counts = [.. length.Select(entry => entry.Count ?? 0).Order()];
            return new[]
            {
                length.Key.ToString(Invariant), counts.Length.ToString("N0", Invariant), (100.0 * counts.Length / vocabulary.Count).ToString("0.0", Invariant) + " %",
                counts[0].ToString("N0", Invariant), counts[counts.Length / 2].ToString("N0", Invariant), counts[^1].ToString("N0", Invariant),
                Score(length.First()), Score(length.Last()),
            };
        }));
        if (coverage != null)
            yield return ($"Coverage of {coverage.Words.ToString("N0", Invariant)} words", ["entries used", "words inside entries"], CoverageCurve().Select(point =>
                new[] { point.X.ToString("N0", Invariant), point.Y.ToString("0.00", Invariant) + " %" }));
        foreach (var length in Lengths)
        {
            yield return ($"Top of the {length.Key}-grams", ["n-gram", "count", "score"], length.Take(shown).Select(Row));
            yield return ($"Bottom of the {length.Key}-grams", ["n-gram", "count", "score"], length.TakeLast(shown).Select(Row));
        }
    }

    private IEnumerable<int> Sizes()
    {
        for (long decade = 1; decade < vocabulary.Count; decade *= 10)
            foreach (long size in new[] { decade, 2 * decade, 5 * decade })
                if (size < vocabulary.Count) yield return (int)size;
        yield return vocabulary.Count;
    }

    private static string[] Row(MaskingEntry entry) => [entry.Ngram, entry.Count?.ToString("N0", Invariant) ?? "", Score(entry)];

    private static string Score(MaskingEntry entry) => entry.Score?.ToString("0.000", Invariant) ?? "";
}
