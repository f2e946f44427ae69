using System.Globalization;
using System.Text;

namespace NotebookKit.Pmi;

/// <summary>
/// The two text formats of a masking vocabulary, UTF-8 with line feeds, best entry first. The plain list has one n-gram a line, its words
/// separated by single spaces (the format of the published lists). A name that ends in <c>.tsv</c> is a table with the header
/// <c>rank n ngram count score</c>, separated by tabs; scores are natural logarithms with all their digits.
/// </summary>
public static class MaskingVocabularyFile
{
    /// <summary>The columns of the table.</summary>
    public const string Header = "rank\tn\tngram\tcount\tscore";

    /// <summary>Writes a vocabulary. The file appears whole or not at all: an older one is replaced only at the end.</summary>
    /// <exception cref="ArgumentException">A table was asked for, but an entry has no count or score; or a score is no finite number.</exception>
    public static void Save(MaskingVocabulary vocabulary, string path)
    {
        bool table = IsTable(path);
        if (table && vocabulary.Entries.FirstOrDefault(entry => entry.Count is null || entry.Score is null) is { } bare)
            throw new ArgumentException(
                $"'{path}' would be a table, but the entry '{bare.Ngram}' has no count or score (it came from a plain list). Save under a name that ends in .txt.");
        if (vocabulary.Entries.FirstOrDefault(entry => entry.Score is { } score && !double.IsFinite(score)) is { } odd)
            throw new ArgumentException($"The entry '{odd.Ngram}' has the score {odd.Score}, which no list may hold. Score it again, or leave it out.");
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            if (table) writer.WriteLine(Header);
            for (int i = 0; i < vocabulary.Count; i++)
            {
                var entry = vocabulary.Entries[i];
                writer.WriteLine(table
                    ? string.Create(CultureInfo.InvariantCulture, $"{i + 1}\t{entry.Length}\t{entry.Ngram}\t{entry.Count}\t{entry.Score:R}")
                    : entry.Ngram);
            }
        });
    }

    /// <summary>Reads a vocabulary, a table when the name ends in <c>.tsv</c> and a plain list otherwise.</summary>
    /// <exception cref="InvalidDataException">A line is no entry; the message names file, line and cure.</exception>
    public static MaskingVocabulary Load(string path)
    {
        bool table = IsTable(path);
        List<MaskingEntry> entries = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        int number = 0;
        try
        {
            using StreamReader reader = new(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (table && number == 1)
                {
                    if (line != Header)
                        throw Bad("the header must be 'rank n ngram count score', separated by tabs. If this is a plain list, rename it to end in .txt.");
                    continue;
                }
                var entry = table ? ParseRow(line, entries.Count + 1) : ParseNgram(line);
                if (!lines.TryAdd(entry.Ngram, number))
                    throw Bad($"'{entry.Ngram}' is already in line {lines[entry.Ngram]}. Remove one of the two.");
                entries.Add(entry);
            }
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path}, after line {number}: the text is not UTF-8. Convert the file to UTF-8.");
        }
        if (table && number == 0)
            throw new InvalidDataException($"{path}: the table is empty, not even a header. Write it again.");
        return new(entries);

        MaskingEntry ParseNgram(string ngram)
        {
            if (ngram.Contains('\t'))
                throw Bad("a plain list has no tabs. If this is a table with counts and scores, rename it to end in .tsv.");
            string[] words = ngram.Split(' ');
            if (words.Contains(""))
                throw Bad($"'{ngram}' has an empty word. Separate words by single spaces, without a space at either end, and leave no line empty.");
            if (words.Length < 2)
                throw Bad($"'{ngram}' is a single word, which is a unit without being listed. Remove the line.");
            return new(ngram, words.Length);
        }

        MaskingEntry ParseRow(string row, int rank)
        {
            string[] fields = row.Split('\t');
            if (fields.Length != 5)
                throw Bad($"{fields.Length} fields instead of 5 (rank, n, ngram, count, score). Separate them by single tabs.");
            var entry = ParseNgram(fields[2]);
            if (fields[0] != rank.ToString(CultureInfo.InvariantCulture))
                throw Bad($"rank '{fields[0]}' instead of {rank}. Ranks count the rows from 1; restore the lost or moved row.");
            if (fields[1] != entry.Length.ToString(CultureInfo.InvariantCulture))
                throw Bad($"n is '{fields[1]}', but '{entry.Ngram}' has {entry.Length} words. Correct one of the two.");
            if (!long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count < 1)
                throw Bad($"count '{fields[3]}' is no whole number from 1 up. Write it in digits only.");
            if (!double.TryParse(fields[4], NumberStyles.Float, CultureInfo.InvariantCulture, out double score) || !double.IsFinite(score))
                throw Bad($"score '{fields[4]}' is no finite number. Write it like -1.25.");
            return entry with { Count = count, Score = score };
        }

        InvalidDataException Bad(string what) => new($"{path}, line {number}: {what}");
    }

    private static bool IsTable(string path) => path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
}
