using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

/// <summary>One seed gives one result on one machine, whatever runs beside it.</summary>
[Collection("kernel processes")]
public sealed class SideBySideTests : IDisposable
{
    private readonly TemporaryFolder checkout = new();

    public void Dispose() => checkout.Dispose();

    [Fact]
    public async Task A_training_gives_the_same_bits_alone_and_beside_another()
    {
        checkout.Write("NotebookKit.sln", "");
        checkout.Write("notebooks/kit.csx", File.ReadAllText(Path.Combine(Repository.Find().Notebooks, "kit.csx")));
        foreach (var name in new[] { "one", "two" })
        {
            NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(
                NotebookText.Code("#!import kit.csx"),
                NotebookText.Code("""
                    var pieces = new WordPieceVocabulary([.. WordPieceVocabulary.SpecialTokens, .. Enumerable.Range(0, 400).Select(i => $"w{i}")]);
                    var draw = new Random(1);
                    var sequences = PackedSequences.Pack(Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 30).Select(_ => 5 + draw.Next(400)).ToArray()), 32, pieces);
                    void MaskOne(ReadOnlySpan<int> tokens, Span<int> inputs, Span<int> labels, ulong seed)
                    {
                        var place = 1 + (int)(seed % (ulong)(tokens.Length - 2));
                        tokens.CopyTo(inputs);
                        labels.Fill(-100);
                        (labels[place], inputs[place]) = (tokens[place], pieces.MaskId);
                    }
                    var config = new BertConfig { VocabSize = pieces.Count, HiddenSize = 128, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 512, MaxPositionEmbeddings = 32 };
                    var model = new BertForMaskedLM(config, seed: 1);
                    var training = new PretrainingOptions { BatchSize = 64, SequenceLength = 32, Training = new() { Steps = 8, WarmUpSteps = 2, LearningRate = 1e-3 } };
                    foreach (var step in new Pretraining(model, sequences, MaskOne, training, new Seed(1)).Steps()) { }
                    """),
                NotebookText.Code("""
                    var bytes = model.parameters().SelectMany(p => p.data<float>().ToArray()).SelectMany(BitConverter.GetBytes).ToArray();
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))
                    """))), checkout.File($"notebooks/{name}.ipynb"));
        }

        await RunAsync("run", "one", "--out", checkout.File("alone"));
        await RunAsync("run", "--jobs", "2", "--out", checkout.File("beside"));

        var alone = Weights("alone/one");
        Assert.Equal(64, alone.Length);
        Assert.Equal([alone, alone], [Weights("beside/one"), Weights("beside/two")]);
    }

    private async Task RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await NbkProcess.RunAsync(checkout.Path, arguments);
        Assert.True(code == 0, output + errors);
    }

    private string Weights(string name) => NotebookText.Data(NotebookReader.Read(checkout.File(name + ".ipynb")).Cells[^1].Outputs[^1], "text/plain");
}
