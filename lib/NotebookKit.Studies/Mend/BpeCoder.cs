using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Studies.Mend;

/// <summary>The byte pairs of a published GPT-2, from the files beside its weights.</summary>
public sealed partial class BpeCoder : ITextCoder
{
    private readonly BpeTokenizer _tokenizer;

    /// <summary>
    /// Reads <c>vocab.json</c> and <c>merges.txt</c>, and the special tokens of <c>added_tokens.json</c>, <c>special_tokens_map.json</c>,
    /// <c>tokenizer_config.json</c> and <c>tokenizer.json</c>, as far as they are there.
    /// </summary>
    /// <param name="folder">The folder of the model.</param>
    /// <exception cref="FileNotFoundException">One of the first two files is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says, or the token that ends an answer has no id.</exception>
    public BpeCoder(string folder)
    {
        var vocabulary = Vocabulary(Path.Combine(folder, "vocab.json"));
        (var specials, string end) = Specials(folder);
        if (specials.TryGetValue(end, out int id) || vocabulary.TryGetValue(end, out id)) specials[end] = EndId = id;
        else throw new InvalidDataException($"{folder}: no file gives an id to {end}, with which an answer ends.");
        Count = vocabulary.Values.Concat(specials.Values).Max() + 1;

        string merges = Needed(Path.Combine(folder, "merges.txt"));
        try
        {
            _tokenizer = BpeTokenizer.Create(new BpeOptions(vocabulary)
            {
                Merges = File.ReadLines(merges).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
                ByteLevel = true,
                PreTokenizer = new RegexPreTokenizer(Words(), specials),
                SpecialTokens = specials,
            });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"{merges} does not fit the vocab.json beside it: {e.Message} Get both files again.", e);
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int EndId { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Question(string question) => _tokenizer.EncodeToIds(question);

    /// <inheritdoc/>
    public IReadOnlyList<int> Answer(string answer) => answer.Trim().Length == 0 ? [] : _tokenizer.EncodeToIds(" " + answer.Trim());

    /// <inheritdoc/>
    public string Text(IEnumerable<int> tokens) => _tokenizer.Decode([.. tokens.TakeWhile(t => t != EndId)]).Trim();

    /// <summary>What byte pairs never cross in GPT-2: endings after an apostrophe; letters, digits or other signs with the space before them; runs of space.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();

    private static Dictionary<string, int> Vocabulary(string path) =>
        Read(Needed(path), file => file.Deserialize<Dictionary<string, int>>() is { Count: > 0 } ids ? ids : throw new JsonException("It names no token."));

    /// <summary>Tokens that stand for themselves, with their ids, and the one that ends a text, in all the ways that published models tell them.</summary>
    private static (Dictionary<string, int> Ids, string End) Specials(string folder)
    {
        var ids = new Dictionary<string, int>();
        string end = "<|endoftext|>";
        Optional("tokenizer.json", file =>
        {
            foreach (var token in file["added_tokens"] as JsonArray ?? []) ids[Of<string>(token?["content"])] = Of<int>(token?["id"]);
        });
        Optional("added_tokens.json", file =>
        {
            foreach ((string token, var id) in file.AsObject()) ids[token] = Of<int>(id);
        });
        Optional("tokenizer_config.json", file =>
        {
            foreach ((string id, var token) in file["added_tokens_decoder"] as JsonObject ?? []) ids[Of<string>(token?["content"])] = int.Parse(id, CultureInfo.InvariantCulture);
            end = Name(file["eos_token"]) ?? end;
        });
        Optional("special_tokens_map.json", file => end = Name(file["eos_token"]) ?? end);
        return (ids, end);

        void Optional(string name, Action<JsonNode> look)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path)) Read(path, file => { look(file); return 0; });
        }

        // A token is written as its text, or as an object with the text in it.
        static string? Name(JsonNode? token) => token is null ? null : Of<string>(token is JsonObject described ? described["content"] : token);

        static T Of<T>(JsonNode? node) => node is JsonValue value && value.TryGetValue(out T? found) ? found : throw new JsonException("A token has no text or no id.");
    }

    private static T Read<T>(string path, Func<JsonNode, T> look)
    {
        try
        {
            return look(JsonNode.Parse(File.ReadAllText(path)) ?? throw new JsonException("It is null."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path} is not a file of a GPT-2's tokenizer: {e.Message} Get it again.", e);
        }
    }

    private static string Needed(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"There is no {path}. Put the tokenizer's files beside the weights.", path);
}
