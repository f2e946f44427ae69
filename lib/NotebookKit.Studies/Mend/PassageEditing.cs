using System.Globalization;
using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Studies.Data;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// Running text (the paper's Wikitext task): after a passage a language model is to go on with ten tokens that a second, weaker model made up.
/// The other words are the same passage without its beginning; what must stay is the perplexity of other passages. The text is the API
/// documentation, divided by type, so that no passage of the tests shares a type with the training.
/// </summary>
public sealed class PassageEditing : EditingRegime
{
    /// <summary>Tokens that an edit asks for.</summary>
    public const int Asked = 10;

    private readonly WordPieceVocabulary _vocabulary;
    private readonly int[][][] _documents; // by part: the tokens of every type's text
    private readonly Dictionary<(ulong Seed, EditPart? Part, string Made), EditExample[]> _edits = [];
    private readonly Dictionary<string, Gpt2LMHeadModel> _seconds = [];

    /// <summary>Reads the documentation.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="study">Size of the vocabulary, the context.</param>
    public PassageEditing(ApiDocs docs, MendStudy study)
    {
        Name = $"API documentation of .NET {docs.Source.Version}";
        var types = docs.Members.Where(m => m.Type.Length > 0).GroupBy(m => m.FullType)
            .Select(type => (Split: StableSplit.Of(type.Key, 80, 10), Text: string.Join(' ', type.SelectMany(m => m.Texts).Where(t => TextCorpus.IsProse(t)).Distinct()))).ToList();
        _vocabulary = WordPieceTrainer.Train(types.Where((t, i) => t.Split == Split.Train && i % 4 == 0).Select(t => t.Text), new() { VocabularySize = study.Pieces });
        _documents = [.. Enum.GetValues<Split>().Select(part =>
            _vocabulary.Encode(types.Where(t => t.Split == part).Select(t => t.Text)).Where(tokens => tokens.Length >= study.Context).ToArray())];
        Checksum = Convert.ToHexStringLower(System.IO.Hashing.XxHash64.Hash(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', types.Select(t => t.Text)))))[..12];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Checksum { get; }

    /// <inheritdoc/>
    public override string Damage => "perplexity drawdown, other passages";

    /// <inheritdoc/>
    public override EditableModel Build(MendStudy study, Seed seed, Device device)
    {
        Gpt2Config shape = Shape(study.Model, study);
        var model = new Gpt2LMHeadModel(shape, seed.ToInt64());
        model.to(device);
        return new EditableGpt2(model, EditableGpt2.LastMlps(shape, study.EditedBlocks), answersOnly: true);
    }

    /// <inheritdoc/>
    public override IEnumerable<TrainingStep> Teach(nn.Module model, MendStudy study, Seed seed) => Read((Gpt2LMHeadModel)model, study, study.Learning.Training, seed);

    /// <inheritdoc/>
    public override IReadOnlyList<EditTrial> Trials(EditableModel model, MendStudy study, EditPart part, int count, Seed seed)
    {
        if (part == EditPart.Unseen) return [];
        int[][] documents = Documents(part);
        return [.. Edits(model, study, part, count, seed).Take(count).Select((edit, n) =>
        {
            Random random = seed.For("others").At(n).ToRandom();
            return new EditTrial(edit, [Shortened(edit, 4, random), Shortened(edit, 1, random)], new Dictionary<string, IReadOnlyList<EditExample>>
            {
                ["other passages"] = [.. Enumerable.Range(0, study.Asked).Select(_ => Passage(documents, study, random))],
            });
        })];
    }

    /// <inheritdoc/>
    public override EditTask Task(EditableModel model, MendStudy study, Seed seed, Seed step)
    {
        EditExample[] pool = Edits(model, study, null, study.Pool, seed);
        Random random = step.ToRandom();
        EditExample[] edits = [.. Enumerable.Range(0, study.EditsPerStep).Select(_ => pool[random.Next(pool.Length)])];
        return new(
            model.Batch(edits), model.Batch([.. edits.Select(e => Shortened(e, 1, random))]),
            model.Batch([.. Enumerable.Range(0, study.EditsPerStep * study.LocalityQuestions).Select(_ => Passage(_documents[0], study, random))]),
            study.EditsPerStep / study.EditsTogether);
    }

    /// <inheritdoc/>
    public override IEnumerable<EditBatch> Texts(EditableModel model, MendStudy study, Seed seed)
    {
        Random random = seed.For("texts").ToRandom();
        return Enumerable.Range(0, 16).Select(_ => model.Batch([.. Enumerable.Range(0, 32).Select(_ => Passage(_documents[0], study, random))]));
    }

    /// <summary>Perplexity gained, as a share of what it was.</summary>
    public override double Cost(EditMetrics metrics) => metrics.Others.Values.Select(group => group.PerplexityDrawdown / group.PerplexityBefore).Average();

    /// <summary>The model's perplexity on passages that it never read.</summary>
    public double Perplexity(EditableModel model, MendStudy study, int passages = 256)
    {
        Random random = new Seed(1).For("perplexity").ToRandom();
        using var noGradient = no_grad();
        double nll = 0, tokens = 0;
        for (int i = 0; i < passages; i += 32)
        {
            using var scope = NewDisposeScope();
            EditBatch batch = model.Batch([.. Enumerable.Range(0, 32).Select(_ => Passage(_documents[(int)Split.Test], study, random))]);
            nll -= EditLosses.LogProbabilities(model.Logits(batch), batch.Targets).sum().item<float>();
            tokens += EditableModel.TargetMask(batch).sum().item<long>();
        }
        return Math.Exp(nll / tokens);
    }

    /// <summary>An edit as text: passage and what is to follow.</summary>
    public string Text(EditExample edit) => Words(edit.Input) + " » " + Words(edit.Target);

    /// <summary>Texts, vocabulary and checksum in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {string.Join(" / ", _documents.Select(d => d.Length.ToString("N0", CultureInfo.InvariantCulture)))} types to train, choose and test with, {_documents[0].Sum(d => (long)d.Length):N0} tokens to train on, {_vocabulary.Count:N0} pieces, checksum {Checksum}");

    private static string Joined(string text) => text.Replace(" ##", "", StringComparison.Ordinal);

    private string Words(IReadOnlyList<int> tokens) => Joined(string.Join(' ', tokens.Select(t => _vocabulary.Pieces[t])));

    private Gpt2Config Shape(Gpt2Config shape, MendStudy study) => shape with { VocabSize = _vocabulary.Count, EosTokenId = _vocabulary.SeparatorId, MaxPositionEmbeddings = study.Context + Asked };

    private IEnumerable<TrainingStep> Read(Gpt2LMHeadModel model, MendStudy study, TrainingOptions training, Seed seed)
    {
        using var run = new TrainingRun(model, training, seed);
        Device device = model.parameters().First().device;
        while (!run.IsDone)
        {
            Random random = run.StepSeed.ToRandom();
            long[] ids = [.. Enumerable.Range(0, study.Learning.BatchSize).SelectMany(_ => Window(_documents[0], study.Context, random)).Select(t => (long)t)];
            yield return run.Advance(() =>
            {
                Tensor tokens = tensor(ids, [study.Learning.BatchSize, study.Context], device: device);
                return Gpt2LMHeadModel.Loss(model.call(tokens, null, null), tokens);
            });
        }
        model.eval();
    }

    /// <summary>Edits of a part (null: of the training), made once for each seed: the second model goes on after a passage, one sampled token after the other.</summary>
    private EditExample[] Edits(EditableModel model, MendStudy study, EditPart? part, int count, Seed seed)
    {
        var key = (seed.Value, part, $"{study.Context} {study.SecondModelSteps} {count}");
        if (_edits.TryGetValue(key, out EditExample[]? known)) return known;
        Gpt2LMHeadModel second = Second(study, seed, model.Device);
        Seed root = seed.For($"edits {part}");
        Random random = root.ToRandom();
        int[][] documents = part is { } tested ? Documents(tested) : _documents[0];
        int[][] passages = [.. Enumerable.Range(0, count).Select(_ => Window(documents, study.Context - Asked, random))];
        using var generator = new Generator((ulong)root.For("sample").ToInt64(), CPU);
        return _edits[key] = [.. passages.Chunk(128).SelectMany(chunk => chunk.Zip(Sampled(second, chunk, generator), (passage, end) => new EditExample(passage, end)))];
    }

    private Gpt2LMHeadModel Second(MendStudy study, Seed seed, Device device)
    {
        string key = $"{seed.Value} {study.Context} {study.SecondModelSteps}";
        if (_seconds.TryGetValue(key, out Gpt2LMHeadModel? known)) return known;
        Seed root = seed.For("second model");
        var second = new Gpt2LMHeadModel(Shape(study.Model with { NumHiddenLayers = 2 }, study), root.ToInt64());
        second.to(device);
        foreach (TrainingStep _ in Read(second, study, study.Learning.Training with { Steps = study.SecondModelSteps, WarmUpSteps = study.SecondModelSteps / 10 }, root)) { }
        return _seconds[key] = second;
    }

    private static int[][] Sampled(Gpt2LMHeadModel model, int[][] passages, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Device device = model.parameters().First().device;
        Tensor tokens = tensor(passages.SelectMany(p => p.Select(t => (long)t)).ToArray(), [passages.Length, passages[0].Length], device: device);
        for (int i = 0; i < Asked; i++)
        {
            Tensor hidden = model.Transformer.call(tokens, null, null).select(1, -1);
            tokens = cat([tokens, model.Logits(hidden).softmax(-1).cpu().multinomial(1, generator: generator).to(device)], 1);
        }
        return [.. tokens.narrow(1, passages[0].Length, Asked).cpu().contiguous().data<long>().ToArray().Chunk(Asked).Select(row => row.Select(t => (int)t).ToArray())];
    }

    private int[][] Documents(EditPart part) => _documents[part == EditPart.Valid ? (int)Split.Valid : (int)Split.Test];

    private static int[] Window(int[][] documents, int length, Random random)
    {
        int[] document = documents[random.Next(documents.Length)];
        int from = random.Next(document.Length - length + 1);
        return document[from..(from + length)];
    }

    /// <summary>A passage whose every token after the first is asked for.</summary>
    private static EditExample Passage(int[][] documents, MendStudy study, Random random)
    {
        int[] tokens = Window(documents, study.Context, random);
        return new([tokens[0]], tokens[1..]);
    }

    /// <summary>The edit without up to half of its passage's beginning: x'_e.</summary>
    private static EditExample Shortened(EditExample edit, int least, Random random) => new([.. edit.Input.Skip(random.Next(least, edit.Input.Count / 2 + 1))], edit.Target);
}
