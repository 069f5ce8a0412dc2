"""Runs: an experiment as a folder that survives the programs that work on it.

run.json                what is computed: data, split, scaling, settings, backends, decisions
series.safetensors      the rows themselves, so that nothing outside the folder is needed
events.jsonl            the events since the run was last started or resumed
progress.json           each backend's progress inside its epoch
lock                    locked by the program that works on the run
stop                    asks that program to end the training
BACKEND/training.safetensors, best.safetensors, snapshots/    see `lstm_forecasting.checkpoints`
BACKEND/forecasts.safetensors                                 the result, once there is one
"""
