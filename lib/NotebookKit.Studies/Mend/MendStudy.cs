using System.Globalization;
using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Studies.Experiments;
using NotebookKit.Training;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// One run: a model that has learnt something, and an editor that changes it. The defaults are the paper's (§4, App. D: GPT-2's shape, the
/// feed-forward layers of the last three blocks); <see cref="Of"/>, <see cref="Claims"/> and <see cref="Passages"/> give the sizes of the notebook's presets.
/// </summary>
[Paper("NotebookKit.Mend", "NotebookKit.Studies.Mend")]
public sealed record MendStudy
{
    /// <summary>What a study can edit with.</summary>
    public static IReadOnlyList<string> Editors { get; } = ["MEND", "ENN", "KE", "FT", "FT+KL", "cache", "GRACE", "ROME", "MEMIT"];

    /// <summary>What edits: one of <see cref="Editors"/>.</summary>
    public string Editor { get; init; } = "MEND";

    /// <summary>Only facts of these relations; all when empty.</summary>
    public IReadOnlyList<string> Relations { get; init; } = [];

    /// <summary>Relations that no editor trains on.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = ["official language", "river", "composer", "HTTP status"];

    /// <summary>In how many of its phrasings a fact is taught; 0 for all.</summary>
    public int TaughtIn { get; init; }

    /// <summary>The language model; its vocabulary follows the data.</summary>
    public Gpt2Config Model { get; init; } = new();

    /// <summary>The classifier of claims; its vocabulary follows the data.</summary>
    public BertConfig Bert { get; init; } = new();

    /// <summary>A folder with the weights of a published model to start from, or "".</summary>
    public string Weights { get; init; } = "";

    /// <summary>How the model learns.</summary>
    public FactLearningOptions Learning { get; init; } = new();

    /// <summary>Word pieces of the vocabulary of running text.</summary>
    public int Pieces { get; init; } = 30_000;

    /// <summary>Tokens of a passage.</summary>
    public int Context { get; init; } = 200;

    /// <summary>Steps of the second model, which makes up how a passage goes on.</summary>
    public long SecondModelSteps { get; init; } = 10_000;

    /// <summary>Passages from which an editor's training draws.</summary>
    public int Pool { get; init; } = 68_000;

    /// <summary>The feed-forward layers of how many last blocks are edited.</summary>
    public int EditedBlocks { get; init; } = 3;

    /// <summary>The variant of MEND.</summary>
    public MendOptions Mend { get; init; } = new();

    /// <summary>How editors that learn are trained.</summary>
    public MendTrainingOptions Training { get; init; } = new();

    /// <summary>Adam's rate for ENN, which learns the model's own weights.</summary>
    public double EnnRate { get; init; } = 1e-5;

    /// <summary>ENN's rates of an edit, at the start.</summary>
    public double EnnAlpha { get; init; } = 1e-2;

    /// <summary>Sizes of KE's network.</summary>
    public KeOptions Ke { get; init; } = new();

    /// <summary>Edits on which the statistics of u and delta are fitted, to stay as they are then; 0 to gather them in training, as the authors' code does.</summary>
    public int StatisticsEdits { get; init; }

    /// <summary>Edits of one part of a training step; the paper's ten are one edit in each of ten accumulated parts.</summary>
    public int EditsPerStep { get; init; } = 1;

    /// <summary>How many of them change the model together; 1 for edits that know nothing of each other.</summary>
    public int EditsTogether { get; init; } = 1;

    /// <summary>Questions beside each edit of the training whose answers must stay.</summary>
    public int LocalityQuestions { get; init; } = 1;

    /// <summary>Whether every other one of them is a neighbour of the edit. The paper draws them at random.</summary>
    public bool Neighbours { get; init; }

    /// <summary>Facts that the editor trains on; 0 for all of the training part.</summary>
    public int TrainingFacts { get; init; }

    /// <summary>Factor on the learned rates after training: the knob of an editor that was trained.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Rate, steps and stop of fine-tuning.</summary>
    public FineTuningEditOptions FineTuning { get; init; } = new();

    /// <summary>How near a question must be to an edited one for the cache, or for GRACE's new key, as a distance of hidden states.</summary>
    public double Distance { get; init; } = 1;

    /// <summary>Which of the edited weights GRACE and FT-L change: an out-projection with a block above it.</summary>
    public int OneWeight { get; init; } = 1;

    /// <summary>How ROME and MEMIT search a value.</summary>
    public RomeOptions Rome { get; init; } = new();

    /// <summary>MEMIT's weight of ordinary text, in tokens.</summary>
    public double Lambda { get; init; } = 15_000;

    /// <summary>What is added to the diagonal of the keys' second moment, as a share of its mean. None in the paper, whose text is long.</summary>
    public double Ridge { get; init; }

    /// <summary>Edits of each test.</summary>
    public int Tested { get; init; } = 500;

    /// <summary>Questions of each kind beside a tested edit whose answers must stay.</summary>
    public int Asked { get; init; } = 4;

    /// <summary>Sizes of batched edits, and the lengths at which a series of edits is judged.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 5, 25, 75, 125];

    /// <summary>Series over which one length is averaged.</summary>
    public int Orders { get; init; } = 3;

    /// <summary>For how many of the seeds batches and series are run.</summary>
    public int BatchSeeds { get; init; } = 3;

    /// <summary>For how many of the seeds MEND's parts are taken away.</summary>
    public int PartSeeds { get; init; } = 3;

    /// <summary>Updates between two looks at the learned rates.</summary>
    public int LookEvery { get; init; } = 1000;

    /// <summary>The seeds of the comparison: initial weights, which edits are for tests, the editor's draws.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The editors of the comparison (<see cref="Contest"/>).</summary>
    public IReadOnlyList<string> Contestants { get; init; } = ["MEND", "rates only", "FT", "FT+KL", "ENN", "KE", "cache"];

    /// <summary>Rates of fine-tuning that are tried.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [1e-6, 1e-5, 1e-4];

    /// <summary>Strengths of trained editors that are tried, on the same edits as fine-tuning's rates.</summary>
    public IReadOnlyList<double> Strengths { get; init; } = [0.5, 0.7, 1, 1.4, 2];

    /// <summary>Distances of cache and GRACE that are tried.</summary>
    public IReadOnlyList<double> Distances { get; init; } = [2.5, 3, 6.5];

    /// <summary>MEMIT's weights that are tried.</summary>
    public IReadOnlyList<double> Lambdas { get; init; } = [15_000];

    /// <summary>ROME's clamps that are tried: how many times as long as the value before the change may be.</summary>
    public IReadOnlyList<double> Clamps { get; init; } = [4];

    /// <summary>Walls of FT-L that are tried.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [5e-4, 2e-3];

    /// <summary>The margin of fine-tuning that does not stop at the first right answer.</summary>
    public double Margin { get; init; } = 0.9;

    /// <summary>Ranks of the editor's network that are tried.</summary>
    public IReadOnlyList<int> Ranks { get; init; } = [16, 256, 1920];

    /// <summary>Rows of a published set that are used.</summary>
    public int PublishedRows { get; init; } = 1000;

    /// <summary>Numbers of training facts that are tried.</summary>
    public IReadOnlyList<int> FewerFacts { get; init; } = [];

    /// <summary>
    /// Every contestant with every setting of its knob, named "editor @ setting". The setting of each is chosen afterwards on the edits to choose by
    /// (<see cref="MendChoice"/>), MEND's strength like fine-tuning's rate.
    /// </summary>
    public IReadOnlyList<Variant<MendStudy>> Contest() => [.. Contestants.SelectMany(name => name switch
    {
        "MEND" => Knob(name, Strengths, k => this with { Strength = k }),
        "rates only" => Knob(name, Strengths, k => RatesOnly with { Strength = k }),
        "MALMEN" => Knob(name, Strengths, k => this with { Strength = k, Mend = Mend with { Rule = UpdateRule.LeastSquares } }),
        "MEND, no norm" => Knob(name, [1.0], _ => this with { Mend = Mend with { Normalise = false } }),
        "MEND, no identity start" => Knob(name, [1.0], _ => this with { Mend = Mend with { IdentityStart = false } }),
        "ENN" => Knob(name, Strengths, k => this with { Editor = "ENN", Strength = k }),
        "KE" => Knob(name, [1.0], _ => this with { Editor = "KE" }),
        "FT" => Knob(name, Rates, rate => Tuned("FT", rate, 0)),
        "FT to a margin" => Knob(name, Rates, rate => Tuned("FT", rate, Margin)),
        "FT+KL" => Knob(name, Rates.Skip(Math.Max(0, Rates.Count - 2)), rate => Tuned("FT+KL", rate, 0)),
        "FT+KL to a margin" => Knob(name, Rates.Skip(Math.Max(0, Rates.Count - 2)), rate => Tuned("FT+KL", rate, Margin)),
        "FT-L" => Knob(name, Bounds, bound => this with { Editor = "FT", FineTuning = FineTuningEditOptions.WithinBound(OneWeight, bound) with { LearningRate = bound } }),
        "cache" or "GRACE" => Knob(name, Distances, d => this with { Editor = name, Distance = d }),
        "ROME" => Knob(name, Clamps, clamp => InAnyBlock with { Editor = "ROME", Rome = Rome with { Clamp = clamp } }),
        "MEMIT" => Knob(name, Lambdas, lambda => InAnyBlock with { Editor = "MEMIT", Lambda = lambda }),
        _ => throw new ArgumentException($"There is no contestant '{name}'.", nameof(name)),
    }).Select(v => v with { Settings = v.Settings.Alone })];

    /// <summary>The settings of one run alone, without those that say which runs there are: presets share the runs that are the same.</summary>
    public MendStudy Alone => this with
    {
        Contestants = [], Rates = [], Strengths = [], Distances = [], Lambdas = [], Clamps = [], Bounds = [], Ranks = [], FewerFacts = [],
        Seeds = [], BatchSeeds = 0, PartSeeds = 0, Batches = [], Orders = 0,
    };

    /// <summary>MEND without its network: the control that learns nothing but the rates.</summary>
    public MendStudy RatesOnly => this with { Mend = Mend with { Input = TransformInput.Nothing } };

    /// <summary>ROME and MEMIT choose their block among all: the value that they write must be carried to the answer by the blocks above.</summary>
    public MendStudy InAnyBlock => this with { EditedBlocks = Math.Max(EditedBlocks, Model.NumHiddenLayers) };

    private MendStudy Tuned(string editor, double rate, double margin) => this with { Editor = editor, FineTuning = FineTuning with { LearningRate = rate, Margin = margin } };

    private static IEnumerable<Variant<MendStudy>> Knob(string name, IEnumerable<double> settings, Func<double, MendStudy> with) =>
        settings.Select(setting => new Variant<MendStudy>(string.Create(CultureInfo.InvariantCulture, $"{name} @ {setting:g}"), with(setting)));

    /// <summary>MEND's own parts taken away one by one (paper, Table 6), and what ours sets otherwise than paper or code, all at full steps.</summary>
    public IReadOnlyList<Variant<MendStudy>> Ablation() => Alone.Parts();

    private IReadOnlyList<Variant<MendStudy>> Parts() =>
    [
        new("MEND", this),
        new("no sharing", this with { Mend = Mend with { Shared = false } }),
        new("no norm", this with { Mend = Mend with { Normalise = false } }),
        new("no identity start", this with { Mend = Mend with { IdentityStart = false } }),
        new("only u", this with { Mend = Mend with { Input = TransformInput.OnlyU } }),
        new("only delta", this with { Mend = Mend with { Input = TransformInput.OnlyDelta } }),
        new("only the smaller", this with { Mend = Mend with { Input = TransformInput.OnlySmaller } }),
        new("rates only", RatesOnly),
        new("ReLU on the last layer, as paper and code", this with { Mend = Mend with { ClampLast = true } }),
        new("statistics gathered in training, as the code", this with { StatisticsEdits = 0 }),
        new("V from N(0, 1), as the code", this with { Mend = Mend with { StartOfV = StartOfV.Normal } }),
        new("V from N(0, 1) at the rate of its size", this with { Mend = Mend with { StartOfV = StartOfV.Normal }, Training = Training with { LearningRate = RateOfNormalStart } }),
        new("neighbours in training", this with { Neighbours = true }),
    ];

    /// <summary>The rate at which V ~ N(0, 1) begins with steps as large as V ~ Xavier does at this study's.</summary>
    public double RateOfNormalStart
    {
        get
        {
            long width = Model.HiddenSize + (Model.InnerSize ?? 4 * Model.HiddenSize);
            double rate = Training.LearningRate;
            return rate * Mend.FirstStep(width, rate) / (Mend with { StartOfV = StartOfV.Normal }).FirstStep(width, rate);
        }
    }

    /// <summary>Editors of several ranks.</summary>
    public IReadOnlyList<Variant<MendStudy>> RankSweep() => [.. Ranks.Select(rank => new Variant<MendStudy>($"rank {rank}", Alone with { Mend = Mend with { Rank = rank } }))];

    /// <summary>Editors that train on fewer facts.</summary>
    public IReadOnlyList<Variant<MendStudy>> FactSweep() =>
        [.. FewerFacts.Select(n => new Variant<MendStudy>($"{n} facts", Alone with { TrainingFacts = n })), new("all facts", Alone)];

    /// <summary>
    /// For every number of edits at once an editor that was trained for it (paper, Table 5), with fine-tuning and MEMIT, which need no training.
    /// The rates start at a k-th and move by a k-th.
    /// </summary>
    /// <param name="fineTuning">Fine-tuning at its chosen rate.</param>
    public IReadOnlyList<Variant<MendStudy>> Together(FineTuningEditOptions fineTuning) => [.. Batches.SelectMany(k =>
    {
        var at = Alone with
        {
            Batches = [k],
            EditsTogether = k,
            EditsPerStep = k * Math.Max(1, EditsPerStep / k),
            Mend = Mend with { InitialAlpha = Mend.InitialAlpha / k },
            Training = Training with { AlphaLearningRate = Training.AlphaLearningRate / k },
        };
        return new Variant<MendStudy>[]
        {
            new($"MEND, k = {k}", at),
            new($"MALMEN, k = {k}", at with { Mend = Mend with { Rule = UpdateRule.LeastSquares } }),
            new($"ENN, k = {k}", at with { Editor = "ENN", EnnAlpha = EnnAlpha / k }),
            new($"MEMIT, k = {k}", at.InAnyBlock with { Editor = "MEMIT" }),
            new($"FT, k = {k}", at with { Editor = "FT", FineTuning = fineTuning }),
        };
    })];

    /// <summary>Editors that make edits one after the other, each at the setting that was chosen for it on single edits.</summary>
    /// <param name="rows">The rows of the contest.</param>
    public IReadOnlyList<Variant<MendStudy>> Series(ResultRows rows)
    {
        HashSet<string> chosen = [.. MendChoice.Of(rows)];
        return [.. Contest().Where(v => chosen.Contains(v.Name) && MendChoice.Editor(v.Name) is "MEND" or "MALMEN" or "FT" or "ROME" or "MEMIT" or "GRACE" or "ENN")
            .Select(v => new Variant<MendStudy>(MendChoice.Editor(v.Name), v.Settings with { Batches = Batches, Orders = Orders }))];
    }

    /// <summary>The editors that are run on published rows.</summary>
    /// <param name="fineTuning">Fine-tuning at its chosen rate.</param>
    public IReadOnlyList<Variant<MendStudy>> Published(FineTuningEditOptions fineTuning)
    {
        var longer = Alone with { Weights = "", Unseen = [], Relations = [], Model = Model with { MaxPositionEmbeddings = 128 } };
        return
        [
            new("MEND", longer), new("rates only", longer.RatesOnly),
            new("FT", longer with { Editor = "FT", FineTuning = fineTuning }),
        ];
    }

    /// <summary>Questions with short answers: <c>smoke</c>, <c>cpu</c>, <c>long</c> or <c>gpu</c>.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static MendStudy Of(string preset) => preset switch
    {
        "smoke" => Small with
        {
            Relations = ["continent", "prime minister", "president", "party leader", "moon"],
            Unseen = ["moon"],
            Model = Small.Model with { HiddenSize = 64, NumHiddenLayers = 3 },
            Learning = Small.Learning with { BatchSize = 64, Training = Small.Learning.Training with { Steps = 200, WarmUpSteps = 20, LearningRate = 6e-3 } },
            Training = Small.Training with { Steps = 8 },
            Ke = new() { Hidden = 16, Condition = 16, Inner = 16 },
            StatisticsEdits = 64,
            EditsPerStep = 8,
            FineTuning = new() { MaximumSteps = 10 },
            Rome = Small.Rome with { Steps = 5 },
            Tested = 4,
            Asked = 2,
            Batches = [1, 3],
            Orders = 1,
            BatchSeeds = 1,
            PartSeeds = 1,
            PublishedRows = 40,
            LookEvery = 4,
            Seeds = [1],
            Contestants = ["MEND", "rates only", "MALMEN", "FT", "ENN", "ROME", "MEMIT", "GRACE", "cache"],
            Rates = [3e-4, 1e-3],
            Strengths = [0.7, 1],
            Distances = [4],
            Lambdas = [10],
            Clamps = [10],
            Bounds = [3e-3],
            Ranks = [4],
            FewerFacts = [20],
        },
        "cpu" => Small with
        {
            Contestants = [.. Small.Contestants.Except(["KE", "FT to a margin", "FT+KL"])],
            Learning = Small.Learning with { Training = Small.Learning.Training with { Steps = 600, WarmUpSteps = 60 } },
            Training = Small.Training with { Steps = 300 },
            Tested = 40,
            Batches = [1, 25],
            BatchSeeds = 1,
            PartSeeds = 1,
            PublishedRows = 200,
            Orders = 1,
            Rates = [2e-4, 3e-4, 5e-4],
            Strengths = [0.7, 1, 1.4],
            Distances = [1, 3],
            Lambdas = [10],
            Clamps = [10],
            Bounds = [5e-3],
        },
        // All editors and five seeds at the sizes of cpu: that settles more than larger sizes of one seed would, in the hour that it may take.
        "long" => Of("cpu") with
        {
            Contestants = Small.Contestants,
            Seeds = [1, 2, 3, 4, 5],
            Batches = [1, 5, 25, 75, 125],
            BatchSeeds = 3,
            PartSeeds = 3,
            Orders = 3,
            Ranks = [4, 16, 64, 256],
        },
        "gpu" => Small with
        {
            Model = Small.Model with { HiddenSize = 512, NumHiddenLayers = 6, NumAttentionHeads = 8, InitializerRange = 0.02 },
            Learning = Small.Learning with { BatchSize = 256, Training = Small.Learning.Training with { Steps = 1500, WarmUpSteps = 150, LearningRate = 1e-3 } },
            EditedBlocks = 3,
            EditsPerStep = 32,
            Seeds = [1, 2, 3],
            Batches = [1, 5, 25, 75, 125],
        },
        _ => throw Presets.Unknown(preset),
    };

    /// <summary>True or false claims.</summary>
    /// <inheritdoc cref="Of"/>
    public static MendStudy Claims(string preset) => preset switch
    {
        "smoke" => SmallClaims with
        {
            Learning = SmallClaims.Learning with { BatchSize = 32, Training = SmallClaims.Learning.Training with { Steps = 24, WarmUpSteps = 4 } },
            Bert = SmallClaims.Bert with { HiddenSize = 32, NumHiddenLayers = 3, NumAttentionHeads = 2, IntermediateSize = 64 },
            Training = SmallClaims.Training with { Steps = 6 },
            StatisticsEdits = 32,
            EditsPerStep = 8,
            FineTuning = new() { MaximumSteps = 6 },
            Contestants = ["MEND", "rates only", "FT", "FT to a margin", "FT+KL", "ENN", "cache"],
            Tested = 4,
            Asked = 2,
            LookEvery = 3,
            Seeds = [1],
            Rates = [1e-3],
            Strengths = [1],
            Distances = [2],
        },
        "cpu" => SmallClaims with
        {
            Contestants = ["MEND", "rates only", "FT", "FT to a margin", "FT+KL to a margin", "cache"],
            Learning = SmallClaims.Learning with { Training = SmallClaims.Learning.Training with { Steps = 600, WarmUpSteps = 60 } },
            Training = SmallClaims.Training with { Steps = 700 },
            Tested = 40,
            Rates = [1e-4, 3e-4],
            Strengths = [0.7, 1, 1.4],
            Distances = [3],
        },
        "long" => Claims("cpu") with
        {
            Contestants = [.. SmallClaims.Contestants.Except(["FT+KL"])],
            Seeds = [1, 2, 3, 4, 5],
        },
        "gpu" => SmallClaims with { Bert = SmallClaims.Bert with { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1536, InitializerRange = 0.02 } },
        _ => throw Presets.Unknown(preset),
    };

    /// <summary>The same claims, learnt by a real pretrained BERT (MiniLM): from preset <c>long</c> on, since its steps are twenty times as dear.</summary>
    /// <inheritdoc cref="Of"/>
    public static MendStudy RealClaims(string preset) => Claims(preset) with
    {
        Learning = new() { BatchSize = 64, Training = new() { Steps = 200, WarmUpSteps = 20, LearningRate = 2e-4, Beta2 = 0.98 } },
        Training = SmallClaims.Training with { Steps = preset == "gpu" ? 1500 : 400, LearningRate = 1e-3 },
        StatisticsEdits = 128,
        Contestants = ["MEND", "rates only", "FT", "FT to a margin"],
        Rates = [1e-5, 3e-5, 1e-4],
        Strengths = [0.7, 1, 1.4],
        Tested = 40,
        Seeds = [1, 2, 3],
    };

    /// <summary>Running text.</summary>
    /// <inheritdoc cref="Of"/>
    public static MendStudy Passages(string preset) => preset switch
    {
        "smoke" => SmallPassages with
        {
            Pieces = 500,
            Model = SmallPassages.Model with { HiddenSize = 32, NumHiddenLayers = 3, NumAttentionHeads = 2 },
            Learning = SmallPassages.Learning with { BatchSize = 8, Training = SmallPassages.Learning.Training with { Steps = 20, WarmUpSteps = 4 } },
            SecondModelSteps = 10,
            Pool = 32,
            Training = SmallPassages.Training with { Steps = 6 },
            StatisticsEdits = 16,
            EditsPerStep = 4,
            FineTuning = new() { MaximumSteps = 6 },
            Contestants = ["MEND", "rates only", "FT", "FT+KL", "cache"],
            Tested = 3,
            Asked = 2,
            LookEvery = 3,
            Seeds = [1],
            Rates = [1e-3],
            Strengths = [1],
            Distances = [2],
        },
        "cpu" => SmallPassages with
        {
            Learning = SmallPassages.Learning with { Training = SmallPassages.Learning.Training with { Steps = 350, WarmUpSteps = 35 } },
            Training = SmallPassages.Training with { Steps = 300 },
            Contestants = ["MEND", "rates only", "FT", "FT to a margin", "FT+KL", "cache"],
            Tested = 24,
            Rates = [1e-4, 3e-4],
            Strengths = [0.7, 1, 1.4],
            Distances = [2],
        },
        "long" => Passages("cpu") with { Contestants = SmallPassages.Contestants, Seeds = [1, 2, 3, 4, 5] },
        "gpu" => SmallPassages with
        {
            Model = SmallPassages.Model with { HiddenSize = 512, NumHiddenLayers = 8, NumAttentionHeads = 8, InitializerRange = 0.02 },
            Learning = SmallPassages.Learning with { BatchSize = 128, Training = SmallPassages.Learning.Training with { Steps = 3000, WarmUpSteps = 300, LearningRate = 1e-3 } },
            Training = SmallPassages.Training with { Steps = 2000 },
            Seeds = [1, 2],
        },
        _ => throw Presets.Unknown(preset),
    };

    // Sizes at which two cores can teach a model and train a dozen editors. What departs from paper or code stands in MendDeviations.
    private static MendStudy Small { get; } = new()
    {
        TaughtIn = 2,
        Model = new() { HiddenSize = 96, NumHiddenLayers = 3, NumAttentionHeads = 4, MaxPositionEmbeddings = 40, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0, InitializerRange = 0.05 },
        Learning = new() { Training = new() { Steps = 900, WarmUpSteps = 90, LearningRate = 3e-3, Beta2 = 0.98 } },
        EditedBlocks = 2,
        Mend = new() { Rank = 64, ClampLast = false, InitialAlpha = 1e-3 },
        Training = new() { Steps = 600, LearningRate = 3e-3, Accumulate = 1, Schedule = RateSchedule.Cosine, ValidateEvery = 100_000 },
        EnnRate = 3e-4,
        EnnAlpha = 3e-2,
        Ke = new() { Hidden = 64, Condition = 64, Inner = 64 },
        StatisticsEdits = 512,
        EditsPerStep = 16,
        LocalityQuestions = 2,
        Rome = new() { LearningRate = 0.2, Steps = 30, Clamp = 10, WeightDecay = 0.05 },
        Clamps = [4, 10, 25],
        Ridge = 0.01,
        Tested = 60,
        Asked = 3,
        Batches = [1, 5, 25],
        LookEvery = 25,
        Contestants = ["MEND", "rates only", "MALMEN", "FT", "FT to a margin", "FT+KL", "FT-L", "ENN", "KE", "ROME", "MEMIT", "GRACE", "cache"],
        Rates = [1e-4, 2e-4, 3e-4, 5e-4],
        Strengths = [0.5, 0.7, 1, 1.4],
        Distances = [1, 2, 4],
        Lambdas = [1, 10, 100],
        Bounds = [2e-3, 5e-3, 1e-2],
        Ranks = [16, 256],
        FewerFacts = [50, 200],
    };

    private static MendStudy SmallClaims { get; } = Small with
    {
        Relations = ["continent", "capital", "currency", "author", "internet domain"],
        Unseen = [],
        TaughtIn = 0,
        Bert = new() { HiddenSize = 96, NumHiddenLayers = 3, NumAttentionHeads = 4, IntermediateSize = 384, MaxPositionEmbeddings = 40, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.05 },
        Learning = new() { Training = new() { Steps = 800, WarmUpSteps = 80, LearningRate = 2e-3, Beta2 = 0.98 } },
        EditedBlocks = 3,
        Training = Small.Training with { Steps = 1000, EditWeight = 0.3 },
        OneWeight = 3,
        Tested = 100,
        Asked = 4,
        Contestants = ["MEND", "rates only", "FT", "FT to a margin", "FT+KL", "FT+KL to a margin", "ENN", "KE", "GRACE", "cache"],
        Rates = [3e-5, 1e-4, 3e-4],
        Distances = [2, 4, 6.5],
    };

    private static MendStudy SmallPassages { get; } = Small with
    {
        Relations = [],
        Unseen = [],
        TaughtIn = 0,
        Pieces = 2000,
        Context = 48,
        SecondModelSteps = 120,
        Pool = 1500,
        Model = new() { HiddenSize = 96, NumHiddenLayers = 3, NumAttentionHeads = 4, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0, InitializerRange = 0.05 },
        Learning = new() { BatchSize = 32, LabelSmoothing = 0, Training = new() { Steps = 500, WarmUpSteps = 50, LearningRate = 2.5e-3, Beta2 = 0.98 } },
        EditedBlocks = 3,
        Mend = Small.Mend with { Rank = 128 },
        Training = Small.Training with { Steps = 500 },
        LocalityQuestions = 1,
        Tested = 60,
        Asked = 8,
        Margin = 0.3,
        Contestants = ["MEND", "rates only", "FT", "FT to a margin", "FT+KL", "ENN", "cache"],
        Rates = [1e-4, 2e-4, 3e-4],
        Distances = [1, 2.5],
    };
}
