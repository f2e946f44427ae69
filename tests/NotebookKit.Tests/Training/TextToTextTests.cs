using System.Text;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class TextToTextTests
{
    private static readonly T5Config Tiny = new()
    {
        VocabSize = 24,
        DModel = 16,
        DKv = 4,
        DFf = 24,
        NumLayers = 1,
        NumHeads = 2,
        DropoutRate = 0,
    };

    private static readonly TextToTextOptions Options = new()
    {
        BatchSize = 6,
        MicroBatchSize = 6,
        InputLength = 5,
        TargetLength = 3,
        Training = new() { Steps = 30, WarmUpSteps = 3, LearningRate = 1e-2 },
        Adafactor = null,
    };

    /// <summary>Answers with the first token of the input; lengths differ.</summary>
    private static TokenPair Copy(long n)
    {
        int[] input = [.. Enumerable.Range(0, 2 + (int)(n % 5)).Select(i => 2 + (int)((n * 7 + i * 3) % 20))];
        return new(input, [input[0], Tiny.EosTokenId]);
    }

    [Fact]
    public void The_loss_of_a_step_is_the_mean_over_the_batch_s_target_tokens_in_parts_or_at_once()
    {
        using var scope = NewDisposeScope();
        TokenPair[] pairs = [new([5, 6, 7], [8, 1]), new([9], [10, 11, 1]), new([12, 13], [14, 1])];
        using var model = new T5ForConditionalGeneration(Tiny, seed: 3);
        double sum = 0;
        foreach (TokenPair pair in pairs)
        {
            Tensor labels = tensor(pair.Targets.Select(t => (long)t).ToArray()).unsqueeze(0);
            Tensor logits = model.call(tensor(pair.Inputs.Select(t => (long)t).ToArray()).unsqueeze(0), null, model.ShiftRight(labels), null);
            sum += T5ForConditionalGeneration.Loss(logits, labels).item<float>() * pair.Targets.Count;
        }
        foreach (int part in new[] { 1, 2, 3 })
        {
            using var fresh = new T5ForConditionalGeneration(Tiny, seed: 3);
            using var training = new TextToTextTraining(fresh, n => pairs[n % 3], Options with { BatchSize = 3, MicroBatchSize = part }, new Seed(1));
            Assert.Equal(sum / 7, training.Advance().Loss, 1e-4);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_learns_to_copy_and_a_step_leaves_no_tensor_behind(bool adafactor)
    {
        using var model = new T5ForConditionalGeneration(Tiny);
        var options = Options with
        {
            Training = Options.Training with { Steps = 60 },
            Adafactor = adafactor ? new() { LearningRate = 1e-2, RelativeStep = false } : null,
        };
        using var training = new TextToTextTraining(model, Copy, options, new Seed(1));
        double first = training.Advance().Loss;
        training.Advance();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        training.Advance();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        double last = training.Steps(TestContext.Current.CancellationToken).Last().Loss;
        Assert.True(last < 0.6 * first, $"{first} → {last}");
    }

    [Fact]
    public void A_constant_rate_stays_after_the_warm_up()
    {
        var constant = new TrainingOptions { Steps = 100, WarmUpSteps = 10, LearningRate = 1e-3, Schedule = RateSchedule.Constant };
        Assert.Equal([0, 5e-4, 1e-3, 1e-3], new long[] { 0, 5, 10, 99 }.Select(constant.RateAt));
    }

    [Fact]
    public void Inputs_carry_no_end_token_and_targets_always_do()
    {
        var tokens = TextTokens.Of(new WordPieceVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "##ly"]));
        Assert.Equal([5, 6, 7], tokens.Input("Good badly", 10));
        Assert.Equal([5, 6], tokens.Input("Good badly", 2));
        Assert.Equal([5, 6, 7, tokens.EndId], tokens.Target("Good badly", 10));
        Assert.Equal([5, tokens.EndId], tokens.Target("Good badly", 2));
        Assert.Equal("good badly", tokens.Text([0, 5, 6, 7, tokens.EndId, 0]));
    }

    [Fact]
    public void A_sentence_piece_model_beside_published_weights_is_read_and_its_absence_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("spiece.model", Assert.Throws<FileNotFoundException>(() => SentencePieceTokens.Load(folder.Path)).Message);

        // A SentencePiece unigram model by hand: pieces {1: text, 2: score, 3: type} in field 1, the trainer's model type 1 in field 2.
        (string Piece, float Score, int Type)[] pieces = [("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("\u2581good", -1, 1), ("\u2581", -3, 1), ("bad", -2, 1), ("ly", -2, 1)];
        using (var file = File.Create(folder.File("spiece.model")))
        {
            foreach (var (piece, score, type) in pieces)
            {
                byte[] text = Encoding.UTF8.GetBytes(piece);
                byte[] message = [0x0A, (byte)text.Length, .. text, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type];
                file.Write([0x0A, (byte)message.Length, .. message]);
            }
            // model_type, and the ids of unk, bos (none), eos and pad.
            byte[] trainer = [0x18, 1, 0xC0, 0x02, 2, 0xC8, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0xD0, 0x02, 1, 0xD8, 0x02, 0];
            file.Write([0x12, (byte)trainer.Length, .. trainer]);
            byte[] normalizer = [0x0A, 8, .. "identity"u8, 0x18, 1, 0x20, 1, 0x28, 1];
            file.Write([0x1A, (byte)normalizer.Length, .. normalizer]);
        }
        TextTokens tokens = SentencePieceTokens.Load(folder.Path);
        Assert.Equal((7, 0, 1), (tokens.Count, tokens.PaddingId, tokens.EndId));
        Assert.Equal([3, 4, 5, 6], tokens.Input("good badly", 10));
        Assert.Equal([3, 1], tokens.Target("good badly", 2));
        Assert.Equal("good badly", tokens.Text([0, 3, 4, 5, 6, 1]));

        // Unknown characters in a row are one unknown token, as in SentencePiece; known pieces between them keep them apart.
        Assert.Equal([4, 2], tokens.Input("漢字", 10));
        Assert.Equal([3, 4, 2, 5, 2], tokens.Input("good 漢字仮bad名", 10));
        Assert.Equal([4, 2, 4, 2], tokens.Input("漢字 仮名", 10));
    }
}
