using NotebookKit.Data;
using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Studies.Mend;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using static TorchSharp.torch;

// Where the classes were or are, before and after they moved.
namespace NotebookKit.Data { }
namespace NotebookKit.Tokenizers { }
namespace NotebookKit.Studies.Mend { }

namespace NotebookKit.Steps
{
    /// <summary>Something that is done again and again: it gives a loss, or 0.</summary>
    internal sealed record Workload(Func<double> Step) : IDisposable
    {
        private readonly List<IDisposable> _held = [];

        public static IReadOnlyDictionary<string, Func<Workload>> All { get; } = new Dictionary<string, Func<Workload>>
        {
            ["bert-2x128"] = () => Bert(Shape(2, 128, 4, 2_000, 32), batch: 64, length: 32, rate: 3e-3, unpadded: 0.3),
            ["bert-4x256"] = () => Bert(Shape(4, 256, 4, 8_192, 128) with { HiddenDropoutProb = 0.1, AttentionProbsDropoutProb = 0.1 }, batch: 32, length: 128, rate: 1e-4, unpadded: 1),
            ["bert-6x384"] = () => Bert(Shape(6, 384, 12, 30_522, 512), batch: 32, length: 64, rate: 1e-4, unpadded: 1),
            ["products-6x384"] = () => Products(2_048, 307, 384, 6, 30_522),
            ["t5-64"] = T5,
            ["gpt2-96"] = Gpt2,
            ["facts-96"] = Facts,
            ["mend-96"] = Mend,
            ["encode-1x32"] = () => Encode(1, 32),
            ["encode-8x128"] = () => Encode(8, 128),
            ["rank-1x8"] = Rank,
        };

        public void Dispose() => _held.AsEnumerable().Reverse().ToList().ForEach(held => held.Dispose());

        private static BertConfig Shape(int layers, int width, int heads, int pieces, int positions) => new()
        {
            NumHiddenLayers = layers, HiddenSize = width, IntermediateSize = 4 * width, NumAttentionHeads = heads, VocabSize = pieces, MaxPositionEmbeddings = positions,
            HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.05,
        };

        /// <summary>Masked language modelling, 15 % of the tokens to predict; a part of the rows is full, the others are up to 40 % padding.</summary>
        private static Workload Bert(BertConfig shape, int batch, int length, double rate, double unpadded)
        {
            var random = new Random(1);
            var pieces = new WordPieceVocabulary([.. WordPieceVocabulary.SpecialTokens, .. Enumerable.Range(5, shape.VocabSize - 5).Select(i => "p" + i)]);
            PackedSequences sequences = PackedSequences.Pack(Enumerable.Range(0, 600).Select(_ => Tokens(random, random.NextDouble() < unpadded ? length - 2 : random.Next(length * 6 / 10, length - 1), 5, shape.VocabSize)), length, pieces);
            var model = new BertForMaskedLM(shape, seed: 1);
            var training = new Pretraining(model, sequences, Mask, new() { BatchSize = batch, MicroBatchSize = batch, SequenceLength = length, Training = Schedule(rate) }, new Seed(1));
            return Of(() => training.Advance().Loss, model, training);

            void Mask(ReadOnlySpan<int> tokens, Span<int> inputs, Span<int> labels, ulong seed)
            {
                var draws = new Random((int)(seed >> 33));
                for (int t = 0; t < tokens.Length; t++)
                {
                    bool masked = draws.NextDouble() < 0.15;
                    (inputs[t], labels[t]) = (masked ? pieces.MaskId : tokens[t], masked ? tokens[t] : -100);
                }
            }
        }

        /// <summary>
        /// The matrix products of a step of a BERT and nothing else, forward and backward: six of width × width a layer (four on all tokens, two of
        /// width × 4 width), the last layer's after its attention at the predicted places only, and the head there.
        /// </summary>
        private static Workload Products(int tokens, int predicted, int width, int layers, int pieces)
        {
            (int Rows, int In, int Out, int Times)[] shapes =
            [
                (tokens, width, width, 4 * layers - 1), (tokens, width, 4 * width, layers - 1), (tokens, 4 * width, width, layers - 1),
                (predicted, width, width, 2), (predicted, width, 4 * width, 1), (predicted, 4 * width, width, 1), (predicted, width, pieces, 1),
            ];
            var held = new List<Tensor>();
            Tensor Random(int rows, int columns)
            {
                held.Add(randn(rows, columns).DetachFromDisposeScope());
                return held[^1];
            }
            var products = shapes.Select(s => (X: Random(s.Rows, s.In), W: Random(s.Out, s.In), Y: Random(s.Rows, s.Out), s.Times)).ToList();
            return Of(() =>
            {
                foreach (var (x, w, y, times) in products)
                    for (int i = 0; i < times; i++)
                    {
                        using var scope = NewDisposeScope();
                        x.mm(w.t()); // forward
                        y.mm(w); // the gradient of x
                        y.t().mm(x); // and of w
                    }
                return 0;
            }, [.. held]);
        }

        /// <summary>The T0 notebook's model and batch.</summary>
        private static Workload T5()
        {
            var model = new T5ForConditionalGeneration(new() { VocabSize = 4_000, DModel = 64, DKv = 16, DFf = 128, NumLayers = 2, NumDecoderLayers = 1, NumHeads = 4, DropoutRate = 0, PadTokenId = 0, EosTokenId = 1 }, seed: 1);
            var options = new TextToTextOptions { BatchSize = 16, MicroBatchSize = 16, InputLength = 48, TargetLength = 8, Training = Schedule(1e-2), Adafactor = new() { LearningRate = 1e-2, RelativeStep = false } };
            var training = new TextToTextTraining(model, n =>
            {
                var random = new Random((int)n);
                return new(Tokens(random, random.Next(12, 49), 2, 4_000), [.. Tokens(random, random.Next(1, 4), 2, 4_000), 1]);
            }, options, new Seed(1));
            return Of(() => training.Advance().Loss, model, training);
        }

        /// <summary>The MEND notebook's model on plain text: every token is predicted.</summary>
        private static Workload Gpt2()
        {
            Gpt2LMHeadModel model = SmallGpt2();
            var run = new TrainingRun(model, Schedule(3e-3), new Seed(1));
            var random = new Random(1);
            return Of(() => run.Advance(() =>
            {
                Tensor ids = tensor(Enumerable.Range(0, 64).SelectMany(_ => Tokens(random, 32, 1, 3_000)).Select(i => (long)i).ToArray(), [64, 32]);
                return Gpt2LMHeadModel.Loss(model.call(ids, null, null), ids);
            }).Loss, model, run);
        }

        /// <summary>The MEND notebook's fact learning.</summary>
        private static Workload Facts()
        {
            Gpt2LMHeadModel model = SmallGpt2();
            var random = new Random(1);
            string Words(int count) => string.Join(' ', Tokens(random, count, 1, 3_000));
            var learning = new FactLearning([.. Enumerable.Range(0, 2_000).Select(_ => new Question(Words(random.Next(6, 14)), Words(random.Next(1, 4))))], new Coder());
            IEnumerator<TrainingStep> steps = learning.Train(model, new() { BatchSize = 128, Training = Schedule(3e-3) with { Beta2 = 0.98 } }, new Seed(1)).GetEnumerator();
            return Of(() => steps.MoveNext() ? steps.Current.Loss : throw new InvalidOperationException(), model, steps);
        }

        /// <summary>A step of the MEND notebook's editor: 16 edits apart from each other, three questions beside each.</summary>
        private static Workload Mend()
        {
            Gpt2LMHeadModel gpt2 = SmallGpt2();
            var model = new EditableGpt2(gpt2, EditableGpt2.LastMlps(gpt2.Transformer.Config, 2), answersOnly: true);
            var editor = new MendEditor(model, new() { Rank = 64, ClampLast = false, InitialAlpha = 1e-3 }, new Seed(1));
            var random = new Random(1);
            EditBatch Batch(int rows) => model.Batch([.. Enumerable.Range(0, rows).Select(_ => new EditExample(Tokens(random, random.Next(6, 14), 1, 3_000), [.. Tokens(random, random.Next(1, 4), 1, 3_000), 0]))]);
            using (EditBatch fit = Batch(64)) editor.FitStatistics([fit]);
            var training = new MendTraining(editor, new() { Steps = 1_000_000, LearningRate = 2e-3, Accumulate = 1, ValidateEvery = 1_000_000 }, new Seed(1));
            return Of(() =>
            {
                using var scope = NewDisposeScope();
                MendStep step = training.Advance([new EditTask(Batch(16), Batch(16), Batch(48), Groups: 16)]);
                return step.EditLoss + step.LocalityLoss;
            }, gpt2, model, editor, training);
        }

        /// <summary>Inference of the shape of MiniLM.</summary>
        private static Workload Encode(int batch, int length)
        {
            var model = new BertForMaskedLM(Shape(6, 384, 12, 30_522, 512), seed: 1);
            model.eval();
            Tensor ids = tensor(Tokens(new Random(1), batch * length, 5, 30_522).Select(i => (long)i).ToArray(), [batch, length]).DetachFromDisposeScope();
            return Of(() =>
            {
                using var noGradient = no_grad();
                using var scope = NewDisposeScope();
                model.Bert.Encode(ids);
                return 0;
            }, model, ids);
        }

        /// <summary>Rank classification of one example with eight choices by a T5 of six layers.</summary>
        private static Workload Rank()
        {
            var model = new T5ForConditionalGeneration(new() { VocabSize = 32_128, DModel = 512, DKv = 64, DFf = 1_024, NumLayers = 6, NumDecoderLayers = 6, NumHeads = 6, FeedForwardProj = "gated-gelu", TieWordEmbeddings = false, DropoutRate = 0 }, seed: 1);
            model.eval();
            var random = new Random(1);
            Tensor Ids(int rows, int time) => tensor(Tokens(random, rows * time, 2, 32_000).Select(i => (long)i).ToArray(), [rows, time]).DetachFromDisposeScope();
            Tensor input = Ids(1, 64), answers = Ids(8, 4), inputMask = ones_like(input).DetachFromDisposeScope(), answerMask = ones_like(answers).DetachFromDisposeScope(), inputOf = zeros(8, dtype: int64).DetachFromDisposeScope();
            return Of(() =>
            {
                using var scope = NewDisposeScope();
                return -model.AnswerLogProbabilities(input, inputMask, answers, answerMask, inputOf).sum().item<float>();
            }, model);
        }

        private static Gpt2LMHeadModel SmallGpt2() => new(new()
        {
            VocabSize = 3_000, HiddenSize = 96, NumHiddenLayers = 3, NumAttentionHeads = 4, MaxPositionEmbeddings = 40, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0, InitializerRange = 0.05, EosTokenId = 0,
        }, seed: 1);

        private static TrainingOptions Schedule(double rate) => new() { Steps = 1_000_000, WarmUpSteps = 10, LearningRate = rate };

        private static int[] Tokens(Random random, int count, int from, int to) => [.. Enumerable.Range(0, count).Select(_ => random.Next(from, to))];

        private static Workload Of(Func<double> step, params IDisposable[] held)
        {
            var workload = new Workload(step);
            workload._held.AddRange(held);
            return workload;
        }

        private sealed class Coder : ITextCoder
        {
            public int Count => 3_000;

            public int EndId => 0;

            public IReadOnlyList<int> Question(string text) => [.. text.Split(' ').Select(int.Parse)];

            public IReadOnlyList<int> Answer(string text) => Question(text);

            public string Text(IEnumerable<int> tokens) => string.Join(' ', tokens);
        }
    }
}
