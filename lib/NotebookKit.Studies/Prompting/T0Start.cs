using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// The common start, which is p = 0: what T5+LM is to the paper. So small a model reads no list after language modelling alone, since that teaches it no copying. So
/// it practises on random pieces (<see cref="SyntheticTasks"/>: copying, what occurs twice, which segment shares a piece with the text) beside span corruption and prefix language
/// modelling. Its name in tables says so: it is no language model's start.
/// </summary>
public sealed record T0Start
{
    /// <summary>Marks and sentinels that are added to the vocabulary: four for the synthetic tasks, the rest for hidden spans.</summary>
    public const int Sentinels = 32;

    /// <summary>The most tokens of a text that is read at once; half of them where it is to be continued.</summary>
    public const int TextLength = 48;

    /// <summary>Steps; 0 for a model that has read nothing. T5+LM had 100,000 after T5's million.</summary>
    public int Steps { get; init; } = 100_000;

    /// <summary>Whether the synthetic tasks are practised at all. They are not in the paper.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Whether matching is among them: the tested skill without words. The control does without.</summary>
    public bool Matching { get; init; }

    /// <summary>Examples of a batch.</summary>
    public int BatchSize { get; init; } = 2048;

    /// <summary>The highest learning rate, and that of the embeddings.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Steps, batch and optimizer.</summary>
    /// <param name="prompted">The prompted training, whose device memory holds its micro-batch.</param>
    internal TextToTextOptions Options(TextToTextOptions prompted) => new()
    {
        BatchSize = BatchSize,
        MicroBatchSize = Math.Min(BatchSize, prompted.MicroBatchSize),
        // Not sorted by length: a batch would be of one task alone, and the tasks would pull in turn.
        InputLength = TextLength,
        TargetLength = TextLength + 1,
        Adafactor = null,
        Training = new() { Steps = Steps, WarmUpSteps = Steps / 20, LearningRate = LearningRate, Beta2 = 0.98 },
    };

    /// <summary>The examples of a start: the tasks take turns.</summary>
    /// <param name="texts">What is read for language modelling; a long text from a random place on.</param>
    /// <param name="tokens">The tokens; marks and sentinels follow them.</param>
    /// <param name="seed">Root of everything random.</param>
    internal Func<long, TokenPair> Examples(IReadOnlyList<string> texts, TextTokens tokens, Seed seed)
    {
        // The special tokens come first.
        const int special = 5;
        SyntheticTasks synthetic = new(special, tokens.Count - special, tokens.Count, tokens.EndId);
        SpanCorruption spans = new(tokens.Count + 4, Sentinels: Sentinels - 4);
        SyntheticTask[] tasks = [SyntheticTask.Copy, SyntheticTask.NameTwice, .. Matching ? [SyntheticTask.Match] : Array.Empty<SyntheticTask>()];
        int[][] read = new int[texts.Count][];
        return n =>
        {
            var own = seed.At(n);
            int turn = Synthetic ? (int)(n % (tasks.Length + 1)) : tasks.Length;
            if (turn < tasks.Length) return synthetic.Make(tasks[turn], own);
            var random = own.ToRandom();
            int at = random.Next(texts.Count);
            int[] text = Read(at);
            // A text of one token has nothing to hide and to keep: the next one takes its place.
            for (int tries = 1; text.Length < 2; tries++)
            {
                if (tries == texts.Count) throw new ArgumentException("No text has two tokens, so there is nothing to learn language from. Give longer texts.", nameof(texts));
                text = Read(at = (at + 1) % texts.Count);
            }
            bool hide = random.Next(2) == 0;
            // A hidden span is short and a continuation is long, and the longest target of a batch is what the batch costs.
            int length = hide ? TextLength : TextLength / 2, from = random.Next(Math.Max(1, text.Length - length + 1));
            text = text[from..Math.Min(text.Length, from + length)];
            return hide ? spans.Corrupt(text, tokens.EndId, own) : PrefixLanguageModel.Cut(text, tokens.EndId, own);
        };

        int[] Read(int at) => read[at] ??= tokens.Input(texts[at], int.MaxValue);
    }
}
