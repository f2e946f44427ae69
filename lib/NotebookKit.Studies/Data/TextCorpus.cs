using System.IO.Hashing;
using System.Text;

namespace NotebookKit.Studies.Data;

/// <summary>
/// A corpus of distinct sentences in three parts. A sentence's part follows from its hash alone, or from that of the group it belongs to
/// (<see cref="StableSplit"/>), and the order is that of its first appearance. Left out are fragments of fewer than three words and lines of program
/// code (see <see cref="IsProse"/>).
/// </summary>
public sealed class TextCorpus
{
    private readonly IReadOnlyList<string>[] _parts;

    private TextCorpus(string name, string version, int files, IReadOnlyList<string> sentences, Func<string, Split> partOf)
    {
        (Name, Version, Files, Sentences) = (name, version, files, sentences);
        _parts = [.. Enum.GetValues<Split>().Select(split => sentences.Where(s => partOf(s) == split).ToList())];
        Words = sentences.Sum(s => (long)CountWords(s));
        var hash = new XxHash128();
        foreach (var sentence in sentences)
        {
            hash.Append(Encoding.UTF8.GetBytes(sentence));
            hash.Append("\n"u8);
        }
        Checksum = Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>What the corpus is, in the reader's words.</summary>
    public string Name { get; }

    /// <summary>The version of the text, or "" where it has none.</summary>
    public string Version { get; }

    /// <summary>From how many files it was read.</summary>
    public int Files { get; }

    /// <summary>All sentences in order of first appearance.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>The sentences to learn from.</summary>
    public IReadOnlyList<string> Train => this[Split.Train];

    /// <summary>The sentences to choose settings with.</summary>
    public IReadOnlyList<string> Valid => this[Split.Valid];

    /// <summary>The sentences to report on.</summary>
    public IReadOnlyList<string> Test => this[Split.Test];

    /// <summary>The number of words of all sentences, counted between spaces.</summary>
    public long Words { get; }

    /// <summary>XxHash128 of all sentences in order (UTF-8, a line feed after each): equal for equal corpora.</summary>
    public string Checksum { get; }

    /// <summary>The sentences of one part.</summary>
    public IReadOnlyList<string> this[Split split] => _parts[(int)split];

    /// <summary>
    /// Loads a plain text: a file, or a folder with all its .txt files (also in sub-folders, in ordinal order). UTF-8;
    /// an empty line ends a paragraph, single line ends are spaces; sentences are split by <see cref="Sentences"/>.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>, or no .txt file in the folder.</exception>
    /// <exception cref="InvalidDataException">A file is not UTF-8 text, or there is no sentence in it.</exception>
    public static TextCorpus Load(string path)
    {
        var full = Path.GetFullPath(path);
        List<string> files;
        if (File.Exists(full)) files = [full];
        else if (Directory.Exists(full))
        {
            files = [.. Directory.EnumerateFiles(full, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            if (files.Count == 0) throw new FileNotFoundException($"corpus: there is no .txt file in the folder {full}. Name a text file, or a folder that holds some.", full);
        }
        else throw new FileNotFoundException($"corpus: there is no file or folder {full}. Name a .txt file or a folder of them, or leave the corpus empty for the API documentation of .NET.", full);

        var corpus = FromTexts(Path.GetFileName(full.TrimEnd(Path.DirectorySeparatorChar)), "", files.Count, files.SelectMany(Paragraphs));
        if (corpus.Sentences.Count == 0)
            throw new InvalidDataException($"corpus: {full} holds no sentence of three words or more. Name a text with sentences in it.");
        return corpus;
    }

    /// <summary>Makes a corpus of texts: splits them into sentences, leaves out what is no prose, keeps the first of equals.</summary>
    /// <param name="name">What the corpus is.</param>
    /// <param name="version">Its version, or "".</param>
    /// <param name="files">From how many files it was read.</param>
    /// <param name="texts">The texts in order; a line feed in a text ends a sentence.</param>
    public static TextCorpus FromTexts(string name, string version, int files, IEnumerable<string> texts) =>
        new(name, version, files, [.. texts.SelectMany(Data.Sentences.Of).Where(sentence => IsProse(sentence)).Distinct(StringComparer.Ordinal)], sentence => StableSplit.Of(sentence));

    /// <summary>
    /// As <see cref="FromTexts"/>, with whole groups held out: all sentences of a group stand in one part, which follows from the group's hash. A
    /// sentence of several groups goes to the first part that one of them is in, so that no training group holds a held-out sentence.
    /// </summary>
    /// <param name="name">What the corpus is.</param>
    /// <param name="version">Its version, or "".</param>
    /// <param name="files">From how many files it was read.</param>
    /// <param name="texts">The texts in order with the name of the group of each; a line feed in a text ends a sentence.</param>
    public static TextCorpus FromGroups(string name, string version, int files, IEnumerable<(string Text, string Group)> texts)
    {
        Dictionary<string, Split> parts = new(StringComparer.Ordinal);
        List<string> sentences = [];
        foreach (var (text, group) in texts)
        {
            var part = StableSplit.Of(group);
            foreach (var sentence in Data.Sentences.Of(text).Where(sentence => IsProse(sentence)))
                if (parts.TryAdd(sentence, part)) sentences.Add(sentence);
                else if (part < parts[sentence]) parts[sentence] = part;
        }
        return new(name, version, files, sentences, sentence => parts[sentence]);
    }

    /// <summary>
    /// Whether a sentence is prose: at least three words that begin with a letter (after an opening quote or bracket), one of
    /// them in lower case throughout, and at most a quarter of its words look like program code (they hold one of
    /// <c>_ = ; { } &lt; &gt; \ | @ #</c>, or a bracket between letters).
    /// </summary>
    public static bool IsProse(ReadOnlySpan<char> sentence)
    {
        var (words, plain, code, lower) = (0, 0, 0, false);
        foreach (var range in sentence.Split(' '))
        {
            var word = sentence[range];
            if (word.IsEmpty) continue;
            words++;
            if (LooksLikeCode(word)) code++;
            else if (char.IsLetter(word[0]) || (word.Length > 1 && char.IsLetter(word[1])))
            {
                plain++;
                lower |= IsLowerCase(word);
            }
        }
        return plain >= 3 && lower && code * 4 <= words;
    }

    private static bool IsLowerCase(ReadOnlySpan<char> word)
    {
        var letters = word.TrimEnd(".,:;!?)\"'”’");
        foreach (var c in letters)
            if (!char.IsLower(c)) return false;
        return letters.Length >= 2;
    }

    private static bool LooksLikeCode(ReadOnlySpan<char> word)
    {
        if (word.ContainsAny("_=;{}<>\\|@#")) return true;
        for (var i = 1; i + 1 < word.Length; i++)
            if (word[i] is '(' or '[' && char.IsLetter(word[i - 1]) && word[i + 1] is not ('s' or 'e' or ')')) return true;
        return false;
    }

    private static int CountWords(ReadOnlySpan<char> sentence) => sentence.Count(' ') + 1;

    private static IEnumerable<string> Paragraphs(string path)
    {
        string text;
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.AsSpan().Contains((byte)0)) throw new InvalidDataException($"corpus: {path} is a binary file or UTF-16, not UTF-8 text. Name a UTF-8 text file.");
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"corpus: {path} is not UTF-8 (byte {error.Index:N0}). Convert it, for example with 'iconv -f latin1 -t utf-8'.", error);
        }
        return text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split("\n\n").Select(Fold);
    }

    /// <summary>White space folded to single spaces: a paragraph on one line.</summary>
    private static string Fold(string paragraph) => string.Join(' ', paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Name, version and counts in one line.</summary>
    public override string ToString() =>
        $"{Name}{(Version.Length > 0 ? $" {Version}" : "")}: {Files:N0} files, {Sentences.Count:N0} distinct sentences ({Train.Count:N0} train, {Valid.Count:N0} valid, {Test.Count:N0} test), {Words:N0} words, checksum {Checksum[..12]}";
}

/// <summary>
/// Splits running text into sentences. A line is never joined with the next. Within a line a sentence ends at a full stop,
/// question mark or exclamation mark, with the closing quotes and brackets that follow it, when white space and then a
/// capital letter, a digit, or an opening quote or bracket come next. A full stop after an abbreviation
/// (such as "e.g.", "i.e.", "vs.", "Dr.") or after a single capital letter ends nothing.
/// </summary>
public static class Sentences
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "e.g", "i.e", "eg", "ie", "vs", "cf", "etc", "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "vol", "fig", "eq", "sec", "approx", "resp", "jr", "sr", "inc", "ltd", "co", "al",
    };

    /// <summary>The sentences of a text in order, trimmed; empty ones are left out.</summary>
    public static IEnumerable<string> Of(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var start = 0;
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] is not ('.' or '!' or '?')) continue;
                var end = i + 1;
                while (end < line.Length && line[end] is '.' or '!' or '?' or ')' or ']' or '"' or '\'' or '”' or '’' or '»') end++;
                if (end < line.Length && !(char.IsWhiteSpace(line[end]) && StartsSentence(line, end))) continue;
                if (end < line.Length && line[i] == '.' && end == i + 1 && IsAbbreviation(line.AsSpan(start, i - start))) continue;
                if (line[start..end].Trim() is { Length: > 0 } sentence) yield return sentence;
                start = end;
                i = end - 1;
            }
            if (start < line.Length && line[start..].Trim() is { Length: > 0 } rest) yield return rest;
        }
    }

    private static bool StartsSentence(string line, int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at])) at++;
        return at < line.Length && (char.IsUpper(line[at]) || char.IsDigit(line[at]) || line[at] is '"' or '\'' or '“' or '‘' or '«' or '(' or '[');
    }

    /// <summary>Whether the word that ends here is an abbreviation or an initial.</summary>
    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var begin = before.Length;
        while (begin > 0 && (char.IsLetter(before[begin - 1]) || before[begin - 1] == '.')) begin--;
        var word = before[begin..].TrimStart('.');
        if (word.Length == 1 && char.IsUpper(word[0])) return true;
        return Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }
}
