using NotebookKit.Display;
using TorchSharp;

namespace NotebookKit.Tests.Display;

public sealed class TensorSummaryTests
{
    [Fact]
    public void Summary_tells_type_shape_device_range_and_the_first_values()
    {
        using var tensor = torch.arange(24, dtype: torch.float32).reshape(2, 3, 4);

        Assert.Equal(
            "float32[2, 3, 4] on cpu, min 0, mean 11.5, max 23\n          0          1          2          3\n          4          5          6          7\n          8          9         10         11",
            tensor.AsSummary().ToString());
    }

    [Fact]
    public void Large_matrix_is_cut_at_both_edges()
    {
        using var tensor = torch.ones(100, 50, dtype: torch.int64);

        var lines = tensor.AsSummary().ToString().Split('\n');

        Assert.Equal(8, lines.Length);
        Assert.EndsWith("…", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Empty_scalar_and_truth_values_have_a_summary(int which)
    {
        using var tensor = which switch { 0 => torch.zeros(0, 3), 1 => torch.tensor(1.5f), _ => torch.tensor(new[] { true, false }) };

        Assert.StartsWith(which switch { 0 => "float32[0, 3] on cpu", 1 => "float32[] on cpu, min 1.5", _ => "bool[2] on cpu\n       true      false" }, tensor.AsSummary().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_leaves_no_live_tensor()
    {
        using var tensor = torch.rand(4, 4, requires_grad: true);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _ = tensor.AsSummary().ToHtml();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
