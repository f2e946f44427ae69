using Microsoft.ML.Tokenizers;

namespace NotebookKit.Studies.Mend;

/// <summary>The byte pairs of a published GPT-2, from the files beside its weights.</summary>
public sealed class BpeCoder : ITextCoder
{
    private readonly CodeGenTokenizer _tokenizer;

    /// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public BpeCoder(string folder)
    {
        using FileStream vocabulary = Open("vocab.json"), merges = Open("merges.txt");
        _tokenizer = CodeGenTokenizer.Create(vocabulary, merges);
        EndId = _tokenizer.EndOfSentenceId ?? throw new InvalidDataException($"{folder}: the vocabulary has no <|endoftext|>, with which an answer ends.");
        Count = _tokenizer.Vocabulary.Count;

        FileStream Open(string file) => File.Exists(Path.Combine(folder, file))
            ? File.OpenRead(Path.Combine(folder, file))
            : throw new FileNotFoundException($"{folder} has no {file}. Put the tokenizer's files beside the weights.", Path.Combine(folder, file));
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
}
