using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Training;

public class DeviceChoiceTests
{
    private static readonly TorchRuntime CpuOnly = new("2.10.0.0", "/somewhere", ["cpu"], 1);

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    [InlineData(" CPU ")]
    public void Without_a_gpu_auto_is_the_cpu(string name) => Assert.Equal(DeviceType.CPU, DeviceChoice.Parse(name, CpuOnly).type);

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    public void Asking_for_a_gpu_that_is_not_there_says_what_there_is_and_what_to_do(string name)
    {
        var error = Assert.Throws<TorchUnavailableException>(() => DeviceChoice.Parse(name, CpuOnly));

        Assert.Contains("cpu", error.Message);
        Assert.Contains(TorchRuntime.FolderVariable, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name) =>
        Assert.Contains("auto, cpu, cuda or cuda:N", Assert.Throws<ArgumentException>(() => DeviceChoice.Parse(name, CpuOnly)).Message);
}
