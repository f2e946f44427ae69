using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>Where a model is.</summary>
internal static class ModelDevice
{
    /// <summary>The device of the model's weights.</summary>
    public static Device Device(this nn.Module model) => model.parameters().First().device;
}
