using System.CommandLine;
using System.Globalization;
using NotebookKit.Corpus;
using NotebookKit.Pmi;

namespace NotebookKit.Runner.Commands.Pmi;

/// <summary>The options of the commands that read a corpus.</summary>
internal sealed class PmiCorpusOptions
{
    private const string Pieces = "wordpieces:";

    private readonly Option<string[]> _input = new("--input", "-i")
    {
        Description = "Files, folders or quoted patterns: UTF-8 text (a line is a document), JSON lines (.jsonl, .ndjson, .json), either also as .gz or .zst, and columns of .parquet; - is standard input, text or JSON lines. Text counts alike however its accents and Hangul syllables are composed: as BERT's tokenizers do, it is decomposed (lower-cased) or composed to NFC (cased).",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _maxN = new Option<int>("--max-n") { Description = "The longest n-gram, in words.", DefaultValueFactory = _ => 5 }.AtLeast(1);
    private readonly Option<bool> _cased = new("--cased") { Description = "Keep case and accents." };
    private readonly Option<bool> _lowercase = new("--lowercase") { Description = "Lower-case and strip accents (the default)." };
    private readonly Option<string> _punctuation = new("--punctuation") { Description = "What a punctuation mark does: boundary (no n-gram crosses it) or word (n-grams contain it).", DefaultValueFactory = _ => "boundary" };
    private readonly Option<string> _tokens = new("--tokens") { Description = "What n-grams are made of: words, or wordpieces:VOCAB with a file of one piece a line.", DefaultValueFactory = _ => "words" };
    private readonly Option<string> _field = new("--field") { Description = "The field of a JSON line, or the column of Parquet, that holds the text.", DefaultValueFactory = _ => "text" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Refuse what is replaced and counted otherwise: invalid UTF-8, and in JSON half a surrogate pair, NaN, Infinity, or the field twice." };
    private readonly Option<string> _shard = new("--shard") { Description = "Read only the i-th of k equal shares of the input, written i/k.", DefaultValueFactory = _ => "1/1" };
    private readonly PmiResourceOptions _resources = new();

    public PmiCorpusOptions(bool inputRequired = true)
    {
        _input.Required = inputRequired;
        _punctuation.AcceptOnlyFromAmong("boundary", "word");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _input, _maxN, _lowercase, _cased, _punctuation, _tokens, _field, _strict, _shard }) command.Add(option);
        _resources.AddTo(command);
    }

    public bool HasInput(ParseResult parsed) => parsed.GetValue(_input) is { Length: > 0 };

    public IReadOnlyList<CorpusFile> Files(ParseResult parsed)
    {
        string[] paths = parsed.GetValue(_input)!;
        List<CorpusFile> files = [.. CorpusFile.Find(paths.Where(path => path != "-"))];
        if (parsed.GetResult(_field) is { Implicit: false } && !paths.Contains("-") && files.All(file => file.IsPlainText))
            throw new FormatException("--field names a field of JSON lines or a column of Parquet, but every input is plain text (.txt). Leave it out, or rename what is no plain text.");
        if (paths.Contains("-")) files.Add(new("standard input", 0, Console.OpenStandardInput));
        return files;
    }

    public NgramCountOptions Counting(ParseResult parsed, long minCount)
    {
        if (parsed.GetValue(_cased) && parsed.GetValue(_lowercase)) throw new FormatException("--cased and --lowercase exclude each other; give one of them.");
        return new()
        {
            MaxLength = parsed.GetValue(_maxN),
            MinCount = minCount,
            Lowercase = !parsed.GetValue(_cased),
            Punctuation = parsed.GetValue(_punctuation) == "word" ? PunctuationRule.Word : PunctuationRule.Boundary,
        };
    }

    public EngineOptions Engine(ParseResult parsed) => _resources.Engine(parsed) with
    {
        JsonField = parsed.GetValue(_field)!,
        Strict = parsed.GetValue(_strict),
        Shard = Shard.Parse(parsed.GetValue(_shard)!),
        WordPieces = parsed.GetValue(_tokens)! switch
        {
            "words" => null,
            string kind when kind.StartsWith(Pieces, StringComparison.Ordinal) && kind.Length > Pieces.Length => kind[Pieces.Length..],
            string kind => throw new FormatException($"'{kind}' is no kind of token: write words, or wordpieces: and the path of a vocabulary."),
        },
    };
}

/// <summary>The options that say what a command may use.</summary>
internal sealed class PmiResourceOptions
{
    private readonly Option<string> _memory = new("--memory") { Description = "About how much memory to use, for example 512M or 4G; the rest goes to temporary files.", DefaultValueFactory = _ => "4G" };
    private readonly Option<int> _threads = new Option<int>("--threads") { Description = "How many threads to use.", DefaultValueFactory = _ => Environment.ProcessorCount }.AtLeast(1);
    private readonly Option<string?> _temp = new("--temp") { Description = "The folder for temporary files; the system's when not given." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _memory, _threads, _temp }) command.Add(option);
    }

    public EngineOptions Engine(ParseResult parsed) => new()
    {
        MemoryLimit = ParseBytes(parsed.GetValue(_memory)!) is >= 64L << 20 and var bytes ? bytes : throw new FormatException("--memory takes 64M or more."),
        Threads = parsed.GetValue(_threads),
        TempFolder = parsed.GetValue(_temp),
    };

    /// <summary>Reads 512M, 4G or a plain number of bytes.</summary>
    internal static long ParseBytes(string text)
    {
        int exponent = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        string number = exponent == 0 ? text : text[..^1];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? (long)(value * (1L << exponent))
            : throw new FormatException($"'{text}' is no amount of memory: write a number with K, M, G or T, for example 512M.");
    }
}
