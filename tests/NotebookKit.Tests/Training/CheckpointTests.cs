using NotebookKit.Models;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class CheckpointTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.9999)]
    public void A_file_with_one_byte_changed_is_refused_and_the_run_is_as_before(double place)
    {
        using var folder = new TemporaryFolder();
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = SmallBert.Begin(model);
        pretraining.Advance();
        Checkpoint.Save(folder.File("run"), pretraining.Run);
        byte[] bytes = File.ReadAllBytes(folder.File("run"));
        bytes[(int)(place * bytes.Length)] ^= 1;
        File.WriteAllBytes(folder.File("damaged"), bytes);
        pretraining.Advance();
        float[] before = model.Weights();

        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder.File("damaged"), pretraining.Run));

        Assert.Contains(folder.File("damaged"), error.Message);
        Assert.Equal(before, model.Weights());
        Assert.Equal(2, pretraining.Run.Step);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(5000)]
    public void A_file_that_ends_early_is_refused(int length)
    {
        using var folder = new TemporaryFolder();
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = SmallBert.Begin(model);
        Checkpoint.Save(folder.File("run"), pretraining.Run);
        File.WriteAllBytes(folder.File("short"), File.ReadAllBytes(folder.File("run"))[..length]);

        Assert.Contains(folder.File("short"), Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder.File("short"), pretraining.Run)).Message);
    }

    [Fact]
    public void Another_models_checkpoint_is_refused_with_the_first_difference()
    {
        using var folder = new TemporaryFolder();
        using var small = new BertForMaskedLM(SmallBert.Config);
        using var wide = new BertForMaskedLM(SmallBert.Config with { IntermediateSize = 128 });
        using var saved = SmallBert.Begin(small);
        using var other = SmallBert.Begin(wide);
        Checkpoint.Save(folder.File("run"), saved.Run);

        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder.File("run"), other.Run));

        Assert.Contains("intermediate.dense", error.Message);
        Assert.Contains("[64, 32]", error.Message);
        Assert.Contains("[128, 32]", error.Message);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var model = new BertForMaskedLM(SmallBert.Config);
        using var pretraining = SmallBert.Begin(model);
        Checkpoint.Save(folder.File("run"), pretraining.Run);
        byte[] old = File.ReadAllBytes(folder.File("run"));
        model.Dispose(); // its weights can no longer be read

        Assert.ThrowsAny<Exception>(() => Checkpoint.Save(folder.File("run"), pretraining.Run));

        Assert.Equal(old, File.ReadAllBytes(folder.File("run")));
        Assert.Equal([folder.File("run")], Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
