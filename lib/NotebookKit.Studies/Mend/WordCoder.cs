namespace NotebookKit.Studies.Mend;

/// <summary>
/// Whole words: every word of the questions and answers of some facts is a token, the mark at a question's end too. A name that
/// occurs once is one token, so that a small model spends its steps on facts and not on spelling.
/// </summary>
public sealed class WordCoder : ITextCoder
{
    private readonly string[] _words;
    private readonly Dictionary<string, int> _ids;

    /// <summary>The words of questions and answers, in ordinal order after the end token.</summary>
    /// <param name="questions">Questions and answers.</param>
    public WordCoder(IEnumerable<Question> questions)
    {
        _words = ["<end>", .. questions.SelectMany(q => Words(q.Text).Concat(Answer(q))).Distinct().Order(StringComparer.Ordinal)];
        _ids = _words.Select((word, id) => (word, id)).ToDictionary(w => w.word, w => w.id, StringComparer.Ordinal);

        static string[] Answer(Question question) => question.Answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The words of all questions and answers of some facts, held-out phrasings and updates among them.</summary>
    /// <param name="book">The facts.</param>
    public WordCoder(FactBook book) : this(book.Facts.Concat(book.Updates).SelectMany(f => book.Relation(f.Relation).Phrasings.Select(p => new Question(FactRelation.Ask(p, f.Subject), f.Answer))))
    {
    }

    /// <inheritdoc/>
    public int Count => _words.Length;

    /// <inheritdoc/>
    public int EndId => 0;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A word is unknown.</exception>
    public IReadOnlyList<int> Question(string question) => [.. Words(question).Select(Id)];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A word is unknown.</exception>
    public IReadOnlyList<int> Answer(string answer) => [.. answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Id)];

    /// <inheritdoc/>
    public string Text(IEnumerable<int> tokens) => string.Join(' ', tokens.TakeWhile(t => t != EndId).Select(t => _words[t]));

    private int Id(string word) => _ids.TryGetValue(word, out int id) ? id : throw new ArgumentException($"The model has no token for '{word}'; it knows the words of its facts only.", nameof(word));

    /// <summary>Words between spaces; the mark that ends a sentence is a word of its own.</summary>
    private static IEnumerable<string> Words(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words[^1] is [.. { Length: > 0 } last, '?' or '.'] && text.Contains(' ', StringComparison.Ordinal)) return [.. words[..^1], last, words[^1][^1..]];
        return words;
    }
}
