using TorchSharp;

namespace NotebookKit.Display;

/// <summary>From a tensor to its summary.</summary>
public static class TensorExtensions
{
    /// <summary>Shape, type, device, range and first values of <paramref name="tensor"/>, for hosts that show a bare tensor as an object.</summary>
    /// <param name="tensor">Any shape, any type.</param>
    public static TensorSummary AsSummary(this torch.Tensor tensor) => new(tensor);
}
