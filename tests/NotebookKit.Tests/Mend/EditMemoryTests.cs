using System.Globalization;
using System.Runtime.InteropServices;
using NotebookKit.Mend;
using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

/// <summary>Nothing of a weight's size is ever held: seen from outside, by the resident memory at its peak.</summary>
[Collection(nameof(EditMemoryTests))]
[CollectionDefinition(nameof(EditMemoryTests), DisableParallelization = true)]
public partial class EditMemoryTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void A_transform_and_its_gradient_never_form_the_matrix()
    {
        using var scope = NewDisposeScope();
        const long width = 16_000; // the matrix would be 976 MB
        using var generator = new Generator(0, CPU);
        using var transform = new GradientTransform(width, width, weights: 2, new() { Rank = 4 }, generator);
        Tensor u = randn(6, width), delta = randn(6, width), x = randn(1, 5, width);
        transform.Observe(u, delta);
        long peak = Peak(() =>
        {
            using var inner = NewDisposeScope();
            (Tensor uTilde, Tensor deltaTilde) = transform.Run(u, delta, 0);
            new LinearFactors(uTilde.unsqueeze(0), deltaTilde.unsqueeze(0)).Times(x).square().sum().backward();
        });
        Assert.InRange(peak, 0, 100 * Megabyte);
    }

    [Fact]
    public void Neither_an_edit_nor_a_training_step_holds_a_matrix_of_the_weights_size()
    {
        using var scope = NewDisposeScope();
        const int inner = 24_576; // each matrix is 48 MB, more than the allocator keeps for later
        using var gpt2 = new Gpt2LMHeadModel(new() { VocabSize = 20, HiddenSize = 512, InnerSize = inner, NumHiddenLayers = 1, NumAttentionHeads = 2, MaxPositionEmbeddings = 12, EosTokenId = 19, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0 });
        using var model = new EditableGpt2(gpt2);
        using var editor = new MendEditor(model, new() { Rank = 4, InitialAlpha = 1e-6 });
        EditBatch One(int answer) => model.Batch([new EditExample([1, 2, 3], [answer, 19])]);
        int said = model.Answer([[1, 2, 3]], 1)[0].FirstOrDefault(19);
        EditBatch edit = One((said + 1) % 19);
        editor.FitStatistics([edit]);
        long matrix = model.Weights[0].Weight.numel() * sizeof(float);

        Assert.InRange(Peak(() =>
        {
            using EditedModel edited = editor.Edit(edit);
            edited.Apply(revertible: false);
        }), 0, matrix / 2);
        Assert.InRange(Peak(() =>
        {
            using var inner = NewDisposeScope();
            editor.Loss(new EditTask(edit, edit, One(said == 7 ? 8 : 7))).Total.backward();
        }), 0, matrix / 2);
        // and the measure sees a matrix where there is one
        Assert.InRange(Peak(() =>
        {
            using var copy = new SavedWeights(model);
        }), 2 * matrix * 9 / 10, long.MaxValue);
    }

    private static long Peak(Action run)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The peak of the resident memory is read from /proc, which only Linux has.");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = ReturnFreedMemory(0); // what earlier tests freed would be taken again without a trace
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew at what is resident now
        long start = Status("VmRSS:");
        run();
        return Status("VmHWM:") - start;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int ReturnFreedMemory(nuint pad);

    private static long Status(string field) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
